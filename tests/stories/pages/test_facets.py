"""What a list of stories can be narrowed by: the same on the search page and among all stories."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from stories.contributions.models import Contribution
from tests.people import Contributor, work

TOLD = {
    "bus": ("harbour", 30, {"themes": ["hope", "peer-support"], "how_it_goes": "better"}),
    "kettle": ("harbour", 1300, {"themes": ["connectedness"], "content_notes": ["suicide"]}),
    "night": (
        "harbour",
        3200,
        {"themes": ["rights"], "content_notes": ["self-harm"], "how_it_goes": "still-in-it"},
    ),
    "garden": ("allotment", 40, {"themes": ["hope"], "content_notes": ["suicide", "violence"]}),
}


@pytest.fixture
def told(moderator) -> dict[str, Contributor]:
    """Four written stories, the last of them the newest."""
    people = {}
    for title, (word, number, description) in TOLD.items():
        people[title] = Contributor().tell(title, f"At the {word}." + " and so on" * (number // 3))
        moderator.approve(moderator.waiting()[0], **description)
    work()
    for years, story in enumerate(Contribution.objects.order_by("-pk")):
        shared = timezone.now() - timezone.timedelta(days=366 * years)
        Contribution.objects.filter(pk=story.pk).update(published_at=shared)
    return people


def titles(page: str) -> list[str]:
    return re.findall(r'<h[23]><a href="/stories/[^"]+">(\w+)</a>', page)


def counts(page: str) -> dict[str, int]:
    found = re.findall(r'value="([\w-]+)"[^>]*> <span>[^<]+<span class="count">(\d+)<', page)
    return {value: int(number) for value, number in found}


@pytest.fixture
def at(stranger):
    """The page at an address, whose status has to be 200."""

    def page(address: str) -> str:
        response = stranger.client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    return page


FOUND = {
    "": ["garden", "night", "kettle", "bus"],
    "theme=hope": ["garden", "bus"],
    "theme=connectedness": ["kettle", "bus"],  # a narrow theme counts for the wide one
    "theme=peer-support&theme=rights": ["night", "bus"],
    "theme=hope&goes=better": ["bus"],
    "length=middle&length=long": ["night", "kettle"],
    "without=suicide": ["night", "bus"],
    "without=suicide&without=self-harm&theme=hope": ["bus"],
    "kind=watch": [],
    "kind=watch&kind=read&sort=shortest": ["bus", "garden", "kettle", "night"],
    "sort=longest&theme=hope": ["garden", "bus"],
    "theme=nonsense&kind=%F0%9F&year=1&sort=x&page=-1": ["garden", "night", "kettle", "bus"],
    "page=99999999999999999": ["garden", "night", "kettle", "bus"],
    "page=9999": ["garden", "night", "kettle", "bus"],
}


def test_all_that_is_chosen_has_to_fit_on_both_pages(told, at):
    for asked, found in FOUND.items():
        assert titles(at(f"/stories/?{asked}")) == found, asked
        harbour = [title for title in found if TOLD[title][0] == "harbour"]
        in_search = titles(at(f"/search/?q=harbour&{asked}"))
        assert sorted(in_search) == sorted(harbour), asked
        if "sort" in asked and "sort=x" not in asked:
            assert in_search == harbour, asked
