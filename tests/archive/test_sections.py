"""My recovery: what editors build, and that a story leaves it the moment it is taken back."""

from __future__ import annotations

import json

import pytest

from archive.pages.recovery import RecoveryPage, SectionPage
from stories.pages.models import StoryPage
from tests.people import Contributor, work


def section(*blocks: tuple[str, object]) -> SectionPage:
    body = json.dumps([{"type": type_, "value": value} for type_, value in blocks])
    page = SectionPage(title="Self-manage", introduction="Small things.", body=body)
    return RecoveryPage.objects.get().add_child(instance=page)


def items(*values: object) -> list[dict]:
    return [
        {"type": "item", "value": value, "id": f"{number:032x}"}
        for number, value in enumerate(values)
    ]


def picks(*references: str, theme: str = "") -> tuple[str, dict]:
    chosen = {"heading": "Stories", "stories": items(*references), "theme": theme, "how_many": 3}
    return "stories", chosen


@pytest.fixture
def told(moderator) -> list[Contributor]:
    """Two stories about hope, the second hidden from outside search engines."""
    people = [Contributor(), Contributor()]
    people[0].tell("Quibblewick", "Some words.")
    people[1].tell("Zanthorpe", "More words.", external_search_engines="no")
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["hope"])
    work()
    return people


def test_a_story_leaves_the_page_when_it_is_taken_back(told, stranger):
    references = [story.reference for story in StoryPage.objects.all()]
    page = section(picks(*references), picks(theme="hope"))
    shown = stranger.client.get(page.url)
    # Search engines keep copies of these pages, so they name no story that is closed to them.
    assert shown.content.decode().count("Quibblewick") == 2
    assert "Zanthorpe" not in shown.content.decode()
    assert "noindex" not in shown.get("X-Robots-Tag", "")
    told[0].client.post("/my-story/rest/")
    assert "Quibblewick" not in stranger.client.get(page.url).content.decode()
    told[0].client.post("/my-story/rest/")
    work()
    # It is another page of the same story now.
    assert stranger.client.get(page.url).content.decode().count("Quibblewick") == 2
    told[0].take_down()
    after = stranger.client.get(page.url).content.decode()
    assert "Quibblewick" not in after
    assert "Stories</h2>" not in after  # nor a heading over nothing
    kept = str(list(SectionPage.objects.get().body.raw_data)).lower()
    assert "quibblewick" not in kept
