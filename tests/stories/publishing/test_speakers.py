"""Who speaks in a recording: told where a file says so and its giver wants it, else nowhere."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline import api as media
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.contributions.spoken import hash_of, heard
from stories.pages.models import StoryPage
from stories.publishing.answer import answer
from stories.publishing.rename import rename
from stories.publishing.words import approve_words, are_new
from tests import recordings
from tests.people import work

FILE = """WEBVTT

00:00.100 --> 00:00.500
<v Morag Sinclair>How did it begin?

00:00.500 --> 00:01.000
<v Iona>With garlic by the wall.
"""


@pytest.fixture
def told(contributor, moderator) -> Contribution:
    contributor.tell("A reading", recording=recordings.sound("mp3", 1), shown_name="Iona")
    work()
    contributor.client.get(contributor.link)
    story = Contribution.objects.get()
    moderator.approve(story.reference)
    answer(story, Answer(current_statement("transcript_download"), "yes"))
    return story


def give(contributor, **fields) -> None:
    file = SimpleUploadedFile("a.vtt", FILE.encode())
    contributor.client.post("/my-story/words/", {"file": file, **fields})


def let_out(story: Contribution) -> StoryPage:
    story.refresh_from_db()
    approve_words(story, get_user_model().objects.get(), hash_of(heard(story.upload.asset_id)))
    work()
    return StoryPage.objects.get(contribution=story)


def everywhere(client, page: StoryPage) -> dict[str, str]:
    ways = {
        "page": page.url,
        "file": f"{page.url}transcript.txt",
        "captions": f"{page.url}media/captions.vtt",
        "search": "/search/?q=garlic",
        "json": "/api/search?q=garlic",
    }
    return {way: b"".join(client.get(address)).decode() for way, address in ways.items()}


def test_names_in_a_file_go_nowhere_unless_their_giver_wants_it(told, contributor, stranger):
    give(contributor)
    for way, said in everywhere(stranger.client, let_out(told)).items():
        assert "garlic" in said, way
        assert "Morag" not in said, way
        assert "<v" not in said, way
        assert "turn" not in said or way != "page", way


def test_who_speaks_is_told_wherever_it_is_said(told, contributor, moderator, stranger):
    give(contributor, speakers="yes")
    assert '<input type="checkbox" name="speakers" value="yes" checked' in (
        contributor.client.get("/my-story/words/").content.decode()
    )
    page = let_out(told)
    said = everywhere(stranger.client, page)
    assert '<strong class="turn">Morag Sinclair<' in said["page"]
    assert '"Speaker 2": "Iona"' in said["page"]
    assert "[0:00] Iona: With garlic by the wall." in said["file"]
    assert "<v Speaker 2>With garlic by the wall." in said["captions"]
    assert '<span class="speaker">Iona</span>' in said["search"]
    assert '"speaker": "Iona"' in said["json"]

    # Another name is other words: it goes out when the contributor has looked, and not before.
    desk = f"/admin/contributions/{told.reference}/words/"
    cues = heard(told.upload.asset_id)
    shown = moderator.client.get(desk).content.decode()
    assert "Named as speaking: Morag Sinclair, Storyteller." in shown
    assert "&lt;v Morag Sinclair&gt;How did it begin?" in shown
    words = media.as_webvtt(cues).replace("Morag Sinclair", "Interviewer")
    moderator.client.post(desk, {"do": "text", "heard": hash_of(cues), "words": words})
    told.refresh_from_db()
    assert are_new(told)
    work()
    for way, told_now in everywhere(stranger.client, page).items():
        assert "Interviewer" not in told_now, way


def test_names_go_with_the_teller_s_at_once_and_change_with_it(told, contributor, stranger):
    """A label says that it is the teller; who that is, is said in one place."""
    give(contributor, speakers="yes")
    page = let_out(told)
    rename(told, current_statement("show_name"), "none", "")  # and no worker runs
    for way, said in everywhere(stranger.client, page).items():
        assert "Iona" not in said, way
        assert "Morag" not in said, way
    work()
    said = everywhere(stranger.client, page)
    assert '<strong class="turn">Storyteller<' in said["page"]
    assert "[0:00] Speaker 1: How did it begin?" in said["file"]
    assert '"speaker": "Storyteller"' in said["json"]
    rename(told, current_statement("show_name"), "chosen", "Iona")
    work()
    said = everywhere(stranger.client, page)
    assert '<strong class="turn">Iona<' in said["page"]
    assert '"speaker": "Iona"' in said["json"]
