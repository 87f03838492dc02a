"""The pages on which the words of a recording are read and put right, for everyone."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from media_pipeline import api as media
from media_pipeline import words
from media_pipeline.models import MediaAsset
from media_pipeline.transcriber import Word
from stories.contributions.models import Contribution
from stories.pages.speakers import TELLER
from tests import recordings
from tests.browser.spoken import on_the_site
from tests.browser.test_pages import problems
from tests.people import work

pytestmark = pytest.mark.browser
SAID = (
    ("We planted garlic by the wall in October,", 0.9),
    ("and in the spring it was", 0.3),
    ("up before anything else.", 0.95),
)


@pytest.fixture
def told(contributor) -> Contribution:
    """A recording whose words a machine has written, some of them unsurely."""
    contributor.tell("The garlic is up", recording=recordings.sound("mp3", 1))
    work()
    story = Contribution.objects.get()
    cues = [
        media.Cue(number * 3.0, number * 3 + 2.5, text, tuple(_words(text, number * 3, at)))
        for number, (text, at) in enumerate(SAID)
    ]
    words.keep(MediaAsset.objects.get(pk=story.upload.asset_id), cues, words.MACHINE)
    return story


def _words(text: str, start: float, probability: float) -> list[Word]:
    return [
        Word(start + at * 0.3, start + at * 0.3 + 0.2, word, probability if at % 3 else 0.9)
        for at, word in enumerate(text.split())
    ]


def test_words_can_be_read_and_put_right_by_everyone(person, contributor, moderator, told):
    desk = f"/admin/contributions/{told.reference}/"
    session = moderator.client.cookies["sessionid"].value
    found = []
    for phone in (True, False):
        page = person(phone=phone, bypass_csp=True)
        page.goto(contributor.link)
        page.goto("/my-story/words/")
        assert page.locator("mark.unsure").first.is_visible()
        found += problems(page, "main")
        _picture(page, f"mine-{phone}")
        cookie = {"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}
        page.context.add_cookies([cookie])
        for path in (desk, f"{desk}words/"):
            page.goto(path)
            assert page.locator("mark.unsure").first.is_visible()
            found += problems(page, "main")
            _picture(page, f"desk-{path.count('/')}-{phone}")
    assert not found, found


def test_captions_and_words_say_who_speaks(person):
    """Where the voice changes, and for screen readers too."""
    said = ["How did it begin?", "With garlic,", "by the wall.", "And then?"]
    who = ["Interviewer & co", TELLER, TELLER, "Interviewer & co"]
    address = on_the_site(
        "An interview", recordings.sound("mp3", 2), said, 2.0, who, shown_name="Iona"
    )
    for phone in (True, False):
        page = person(phone=phone, bypass_csp=True)
        page.goto(address)
        assert page.locator(".cue .turn").count() == 3
        assert "Iona With garlic" in " ".join(page.locator(".cue").nth(1).inner_text().split())
        for moment, line in [
            (0.5, f"{who[0]}: {said[0]}"),
            (2.5, f"Iona: {said[1]}"),
            (4.5, said[2]),
        ]:
            page.locator("audio").evaluate(f"media => {{ media.currentTime = {moment} }}")
            expect(page.locator("[data-caption]")).to_have_text(line)
        assert problems(page, "main") == []
        _picture(page, f"interview-{phone}")
        page.goto("/search/?q=garlic")
        expect(page.locator(".moment .speaker")).to_have_text("Iona")
        assert problems(page, "main") == []
        _picture(page, f"interview-found-{phone}")


def _picture(page: Page, name: str) -> None:
    """To look at, where somebody asks for it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
