"""Published stories for programs to read."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.pages.models import StoryPage
from stories.publishing.answer import answer
from tests import recordings
from tests.people import Contributor, Moderator, work

SAID = (
    b"WEBVTT\n\n00:00.000 --> 00:01.200\nThe marrowby was late.\n\n"
    b"00:01.200 --> 00:02.900\nI walked to the lighthouse, the old lighthouse.\n"
)
WORDS = ("In the kitchen, a flindle.", "A long while later, " * 20 + "a marrowby.")
LATER = ("transcript_download", "social_media", "ai_reuse")


def say(page: StoryPage, purpose: str, said: str, choice: str = "") -> None:
    answer(page.contribution, Answer(current_statement(purpose), said, choice))


def written(teller: Contributor, moderator: Moderator, title: str, **description) -> StoryPage:
    """A story in writing, out, with what the form asks allowed and nothing else."""
    teller.tell(title, "\n\n".join(WORDS), shown_name="Ostrakova")
    return _approved(moderator, description | {"content_notes": ["suicide"]})


def spoken(
    teller: Contributor, moderator: Moderator, title: str, recording: Path | None = None
) -> StoryPage:
    """A recording with words, out, with everything allowed."""
    recording = recording or recordings.sound("mp3", 1)
    teller.tell(title, "About a flindle.", recording=recording, shown_name="Ostrakova")
    work()
    story = Contribution.objects.get(kind="recording")
    words = {"do": "file", "file": SimpleUploadedFile("words.vtt", SAID)}
    moderator.client.post(f"/admin/contributions/{story.reference}/words/", words)
    page = _approved(moderator, {"themes": ["hope"]}, teller)
    for purpose in LATER:
        say(page, purpose, "yes")
    return page


def _approved(moderator: Moderator, description: dict, agreeing: Contributor | None = None):
    [reference] = moderator.waiting()
    moderator.approve(reference, **description)
    work()
    if agreeing:
        agreeing.agree()
        work()
    return StoryPage.objects.get(contribution__reference=reference)
