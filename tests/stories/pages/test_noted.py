"""Content notes that say where they apply: typed at the desk, shown, skipped, folded in search."""

from __future__ import annotations

import re

import pytest

from media_pipeline import api as media
from media_pipeline import words
from media_pipeline.models import MediaAsset
from stories.contributions.models import Contribution, Upload
from stories.contributions.versions import StoryVersion
from tests import recordings
from tests.people import Contributor, work

PARAGRAPHS = (
    "The kettle was on.",
    "Harbour lights, and I did not want to go on.",
    "It was the worst night.",
    "In the morning somebody knocked.",
    "We walked along the harbour.",
)


@pytest.fixture
def at(stranger):
    return lambda address: stranger.client.get(address).content.decode()


def hit(page: str) -> tuple[str, str]:
    """The places of the one hit: those in the open, and those that are folded."""
    shown, _, folded = page.split('<li class="hit">')[1].partition('<details class="noted">')
    return shown, folded.partition("</details>")[0]


def test_a_written_story_says_which_paragraphs_and_search_folds_only_those(
    contributor, moderator, stranger, at
):
    contributor.tell("The kettle", "\n\n".join(PARAGRAPHS))
    [reference] = moderator.waiting()
    for typed, sentence in (
        ("2 to 9", "The story has 5 paragraphs: there is no paragraph 9."),
        ("3 to 2", "ends before it begins"),
        ("4:10 to 6:30", "is no paragraph"),
        ("0", "there is no paragraph 0"),
    ):
        said = moderator.approve(reference, content_notes=["suicide"], where_suicide=typed)
        assert said.status_code == 422
        page = said.content.decode()
        assert sentence in page, typed
        assert f'value="{typed}"' in page
    assert not StoryVersion.objects.exists()
    moderator.approve(reference, content_notes=["suicide"], where_suicide="paragraph 2, 3")
    work()

    [address] = stranger.stories()
    page = at(address)
    assert "talks about suicide (" in page
    passed = '<p class="skip-line" id="noted-1">Paragraphs 2 to 3: suicide. <a href="#p4">Skip'
    assert page.index('id="p1"') < page.index(passed) < page.index('id="p2"')
    shown, folded = hit(stranger.search("harbour"))
    assert f"{address}?find=harbour#p5" in shown
    assert "#p2" not in shown
    assert f"{address}?find=harbour#p2" in folded
    assert "#p5" not in folded

    # A note that says of no place may be anywhere.
    moderator.client.post(
        f"/admin/contributions/{reference}/notes/",
        {"version": "1", "content_notes": ["suicide", "violence"], "where_suicide": "2 to 3"},
    )
    work()
    shown, folded = hit(stranger.search("harbour"))
    assert "#p" not in shown
    assert folded.count('class="moment"') == 2


@pytest.fixture
def spoken(site, moderator) -> str:
    """The number of a recording of two minutes, ten words to every five seconds of it."""
    Contributor().tell("The bus", recording=recordings.sound("mp3", 1))
    work()
    story = Contribution.objects.get()
    Upload.objects.update(seconds=120)
    said = "we waited for the bus and talked about the weather"
    cues = [media.Cue(at, at + 5.0, said, ()) for at in range(0, 120, 5)]
    for at in (9, 14, 23):
        cues[at] = media.Cue(at * 5, at * 5 + 5.0, f"zebra {said[:-12]}", ())
    words.keep(MediaAsset.objects.get(pk=story.upload.asset_id), cues, words.PERSON)
    return story.reference


def test_a_passage_of_a_recording_is_folded_and_no_address_plays_into_it(
    spoken, moderator, stranger, at
):
    for typed, sentence in (
        ("0:40", "needs a beginning and an end, such as 4:10 to 6:30"),
        ("0:50 to 0:40", "ends before it begins"),
        ("0:40 to 2:30", "The recording is 2:00 long: 2:30 is after its end"),
        ("40 to 50", "Write minutes and seconds"),
    ):
        said = moderator.approve(spoken, content_notes=["suicide"], where_suicide=typed)
        assert sentence in said.content.decode(), typed
    moderator.approve(
        spoken,
        content_notes=["suicide", "violence"],
        where_suicide="0:40 - 0:50",
        where_violence="0:48 to 0:55",
    )
    work()
    [address] = stranger.stories()
    page = at(address)
    assert "Before you listen" in page
    assert 'href="?t=55#player"' in page
    [(label, fold)] = re.findall(
        r'<details class="noted" id="noted-1"><summary><span>([^<]*)(.*?)</details>', page, re.S
    )
    assert label == "0:40 to 0:55: suicide and violence"
    assert re.findall(r'id="t(\d+)"', fold) == ["40", "45", "50"]

    for asked, plays_from, held in (("47", "55", True), ("39", "39", False), ("55", "55", False)):
        page = at(f"{address}?t={asked}")
        assert f'data-moment="{plays_from}"' in page
        assert f"#t={plays_from}" in page
        assert ("data-wait" in page) is held
        assert ("You came for 0:47" in page) is held
    page = at(f"{address}?t=47&anyway=1")
    assert 'data-moment="47"' in page
    assert "data-wait" not in page

    shown, folded = hit(stranger.search("zebra"))
    assert re.findall(r"\?t=(\d+)", shown) == ["114"]
    # What is found shortly after it may show some of it.
    assert re.findall(r"\?t=(\d+)", folded) == ["44", "69"]
    [story] = stranger.client.get("/api/search?q=zebra").json()["stories"]
    assert [moment["noted"] for moment in story["moments"]] == [True, True, False]
    assert story["content_notes"][0]["places"] == [{"unit": "seconds", "start": 40, "end": 50}]


def test_a_line_of_ours_waits_for_its_teller_and_places_do_not(
    contributor, moderator, stranger, at
):
    contributor.tell("The kettle", "\n\n".join(PARAGRAPHS))
    [reference] = moderator.waiting()
    remark = "She does not say how."
    moderator.approve(reference, content_notes=["suicide"], note_remark=remark)
    work()
    assert stranger.stories() == []
    page = contributor.client.get("/my-story/agree/").content.decode()
    assert "This story talks about suicide." in page
    assert remark in page
    contributor.agree()
    work()
    [address] = stranger.stories()
    assert remark in at(address)

    def change(**said):
        version = StoryVersion.objects.filter(agreed_at__isnull=False).last()
        data = {"version": version.number, "content_notes": ["suicide"], **said}
        return moderator.client.post(f"/admin/contributions/{reference}/notes/", data)

    change(where_suicide="2", note_remark=remark)
    assert "skip-line" in at(address)
    change(where_suicide="2", note_remark="Another line.")
    assert "Another line." not in at(address)
    assert change(where_suicide="2 to 3", note_remark=remark).status_code == 409
    contributor.client.post(
        "/my-story/agree/", {"version": "3", "answer": "no", "why": "Say it plainly."}
    )
    assert "Another line." not in at(address)
    desk = moderator.client.get(f"/admin/contributions/{reference}/").content.decode()
    assert "Say it plainly." in desk
    change(where_suicide="2", note_remark="Another line.")
    contributor.agree()
    assert "Another line." in at(address)
    stale = {"version": "1", "content_notes": []}
    page = moderator.client.post(f"/admin/contributions/{reference}/notes/", stale)
    assert page.status_code == 409
    assert "Another line." in at(address)
