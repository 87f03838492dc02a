"""Put the demonstration stories through form, pipeline and desk, as anyone's would go."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from archive.demo import recordings
from archive.demo.speakers import name_speakers
from archive.demo.stories import DemoStory, Other, all_stories
from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.pages.series import PodcastSeries

LOOK_SECONDS = 1.0
PUBLISH_PURPOSE = {"written": "publish_text", "sound": "publish_audio", "video": "publish_video"}
SERIES = {
    "title": "The kettle's on",
    "slug": "kettle",
    "description": "What people say in back rooms, kitchens and community centres when the kettle "
    "is on. Made up for this project, and read by a computer.",
    "order": "serial",
    "theme": "connectedness",
    "contact_email": "",
}
Report = Callable[[str, int, int], None]


class FormRefused(RuntimeError):
    """A page of the form did not take a demonstration story's answer; the message says which."""


@dataclass
class Filler:
    """`folder` holds what was made and what has been done, so that a second start does nothing.

    `report` is called with a sentence, how many stories are done, and how many there are.
    """

    folder: Path
    moderator: str
    report: Report
    waiting: dict[str, tuple[DemoStory, Client, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.record = self.folder / "filled.json"
        self.done: dict[str, str] = (
            json.loads(self.record.read_text()) if self.record.exists() else {}
        )

    def fill(self) -> list[str]:
        """Fill in what is missing. Returns sentences about stories that have to wait, and why."""
        stories = [story for story in all_stories() if story.key not in self.done]
        left_out: dict[str, int] = {}
        # Written ones first: they are there at once.
        for story in sorted(stories, key=lambda story: story.kind != "written"):
            possible, why = can_be_told(story)
            if not possible:
                left_out[why] = left_out.get(why, 0) + 1
                continue
            try:
                self.send(story)
            except recordings.CannotMake:
                why = "their recordings could not be made; the speaking program gave up."
                left_out[why] = left_out.get(why, 0) + 1
            self.decide_ready()
        while self.waiting:
            time.sleep(LOOK_SECONDS)
            self.decide_ready()
        return [f"{number} stories wait: {why}" for why, number in left_out.items()]

    def send(self, story: DemoStory) -> None:
        """Make the recording, if there is one, and go through the form with it."""
        self.say(f"“{story.title}”: telling it")
        path = None
        if story.kind != "written":
            path = recordings.make(story, self.folder / "recordings")
        close_old_connections()
        client = Client()
        known = set(Contribution.objects.values_list("reference", flat=True))
        walk_the_form(client, story, path)
        ask_the_others(client, story)
        [reference] = set(Contribution.objects.values_list("reference", flat=True)) - known
        self.waiting[reference] = (story, client, story.title)

    def decide_ready(self) -> None:
        """Approve whatever is prepared; then let it rest or take it back, as the story says."""
        close_old_connections()
        for reference, (story, client, title) in list(self.waiting.items()):
            contribution = Contribution.objects.get(reference=reference)
            if contribution.state == State.SUBMITTED:
                progress = (
                    media.progress(contribution.upload.asset_id) if contribution.upload else None
                )
                if progress and progress.state == "failed":
                    self.say(f"“{title}” could not be prepared: {progress.problem}")
                    del self.waiting[reference]
                    continue
                if progress and progress.state != "done":
                    self.say(f"“{title}”: {progress.stage_label.lower()}, {progress.percent} %")
                    continue
                approve(self.moderator, reference, story)
                contribution.refresh_from_db()
                if contribution.state == State.APPROVED:
                    agree(client)
                    contribution.refresh_from_db()
                if story.podcast_episode:
                    make_episode(self.moderator, reference, story)
                    agree(client)
                    contribution.refresh_from_db()
            if contribution.reconciled_epoch < contribution.epoch:
                continue
            if contribution.state == State.PUBLISHED and story.after != "published":
                resting = story.after == "paused"
                client.post(reverse("my_story_rest" if resting else "my_story_take_down"))
                if not resting:
                    client.post(reverse("my_story_destroy"))  # else it would be kept for days
                continue
            self.finish(reference, story)

    def finish(self, reference: str, story: DemoStory) -> None:
        del self.waiting[reference]
        self.done[story.key] = reference
        self.folder.mkdir(parents=True, exist_ok=True)
        self.record.write_text(json.dumps(self.done, indent=1))
        self.say(f"“{story.title}” is {'done' if story.after != 'published' else 'on the site'}")

    def say(self, sentence: str) -> None:
        self.report(sentence, len(self.done), len(all_stories()))


def can_be_told(story: DemoStory) -> tuple[bool, str]:
    """Whether everything that a story needs is installed, and if not, what is missing."""
    if story.consents.get("automatic_transcription") == "yes" and not media.can_transcribe():
        return False, "the speech model is missing, so nobody could write down the words."
    return recordings.available(story)


def agree(client: Client) -> None:
    """Who told it looks at what was disguised, and says yes."""
    address = reverse("my_story_agree")
    page = client.get(address).content.decode()
    number = re.search(r'name="version" value="(\d+)"', page)
    client.post(address, {"version": number[1] if number else "", "answer": "yes"})


def walk_the_form(client: Client, story: DemoStory, recording: Path | None) -> None:
    """Every page of the form in turn. Raises FormRefused where a page says no."""

    def post(page: str, answers: dict, *args: str) -> None:
        response = client.post(reverse(f"share_{page}", args=args), answers)
        if response.status_code != 302:
            found = re.search(r'error-text"[^>]*>([^<]+)', response.content.decode())
            raise FormRefused(f"{story.key}, {page}: {found[1] if found else response.status_code}")

    post("age", {"adult": "yes"})
    post("how", {"kind": "recording" if recording else "written"})
    if recording:
        answer = story.consents["automatic_transcription"]
        post("recording", {"file": upload_of(recording), "transcribe": answer})
        names = "\n".join(other.called for other in story.others)
        post("others", {"anybody": "yes" if names else "no", "others": names})
    words = story.description if recording else story.words
    post("words", {"title": story.title, "words": words})
    post("name", {"choice": story.naming, "shown_name": story.teller or ""})
    if recording:
        post("voice", {"choice": story.voice})
    if story.kind == "video":
        post("face", {"choice": story.face})
    for purpose, answer in story.consents.items():
        if purpose == "automatic_transcription":
            continue
        slug = PUBLISH_PURPOSE[story.kind] if purpose == "publish" else purpose
        post("consent", {"answer": answer}, slug)
    post("email", {"email": ""})
    post("check", {})


def ask_the_others(client: Client, story: DemoStory) -> None:
    """The contributor makes a link for each of them; each answers on a device of their own.

    Raises FormRefused where a page says no, or asks what the story has no answer to.
    """
    if not story.others:
        return
    page = client.get(reverse("my_story_people")).content.decode()
    ways = re.findall(r'action="([^"]+/link/)"', page)
    if len(ways) != len(story.others):
        raise FormRefused(f"{story.key}, people: {len(ways)} of {len(story.others)} are asked")
    for other, way in zip(story.others, ways, strict=True):
        found = re.search(r'id="private-link">([^<]+)<', client.post(way).content.decode())
        if not found:
            raise FormRefused(f"{story.key}, people: no link for {other.called}")
        answer_for_oneself(story, other, urlsplit(found[1].strip()).path)


def answer_for_oneself(story: DemoStory, other: Other, link: str) -> None:
    """Open one's own link and answer one question after another, as the pages lead."""
    client = Client()
    page = client.get(link, follow=True).content.decode()
    answers = dict(other.consents) | {"show_unaltered_voice": other.voice}
    answers[PUBLISH_PURPOSE[story.kind]] = answers.pop("publish")
    home = reverse("my_part")
    start = re.search(rf'href="({home}agreed/[^"]+)">Go to', page)
    if not start:
        raise FormRefused(f"{story.key}, {other.called}: there is no question")
    address = start[1]
    while address != home:
        slug = address.removeprefix(home).split("/")[1]
        if slug not in answers:
            raise FormRefused(f"{story.key}, {other.called}: no answer to {slug}")
        page = client.get(address).content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(statement|seen)" value="(\d+)"', page))
        response = client.post(address, hidden | {"answer": answers[slug]})
        if response.status_code != 302:
            raise FormRefused(f"{story.key}, {other.called}, {slug}: {response.status_code}")
        address = response["Location"]


def upload_of(path: Path) -> TemporaryUploadedFile:
    """The file as a browser would send it."""
    file = TemporaryUploadedFile(path.name, "application/octet-stream", path.stat().st_size, None)
    file.write(path.read_bytes())
    file.seek(0)
    return file


def make_episode(moderator: str, reference: str, story: DemoStory) -> None:
    """Give it its place in the demonstration's series, and its chapters, at the desk."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=moderator))
    if not PodcastSeries.objects.filter(slug=SERIES["slug"]).exists():
        client.post(reverse("wagtailsnippets_stories_podcastseries:add"), SERIES)
    series = PodcastSeries.objects.get(slug=SERIES["slug"])
    desk = reverse("desk_podcast", args=[reference])
    client.post(desk, {"do": "place", "series": series.pk, "number": story.podcast_episode})
    client.post(desk, {"do": "chapters", "chapters": story.chapters})


def approve(moderator: str, reference: str, story: DemoStory) -> None:
    """Approve at the desk, signed in as the demonstration's moderator."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=moderator))
    if story.speakers:
        name_speakers(client, reference, story)
    response = client.post(
        reverse("desk_approve", args=[reference]),
        {
            "themes": list(story.themes),
            "content_notes": list(story.content_notes),
            "how_it_goes": story.how_it_goes or "",
            "perspective": story.perspective,
            **{f"where_{note}": where for note, where in story.places.items()},
        },
    )
    if response.status_code != 302:
        raise FormRefused(f"{story.key}, approving: {response.status_code}")
