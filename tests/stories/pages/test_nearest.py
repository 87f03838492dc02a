"""Where nothing is found, themes to go on with: of stories that may be found, counted now."""

from __future__ import annotations

import re
import tomllib

import pytest

from stories.consent.vocabulary import Term
from stories.pages.nearest import WORDS
from tests.people import Contributor, work


def near(stranger, typed: str) -> dict[str, int]:
    page = stranger.search(typed)
    found = re.findall(r'/stories/\?theme=([\w-]+)">[^<]*<span class="count">(\d+)<', page)
    return {slug: int(count) for slug, count in found}


@pytest.fixture
def told(moderator) -> list[Contributor]:
    people = [Contributor().tell("One"), Contributor().tell("Two"), Contributor().tell("Three")]
    themes = [["housing", "hope"], ["nature-and-movement"], ["hope", "caring"]]
    for reference, its_own in zip(moderator.waiting(), themes, strict=True):
        moderator.approve(reference, themes=its_own)
    work()
    return people


def test_near_themes_or_else_those_most_told_of(told, stranger):
    assert near(stranger, "evicted!") == {"housing": 1}
    assert near(stranger, "allotments") == {"nature-and-movement": 1}
    assert near(stranger, "prayers")["hope"] == 3  # no story of faith: the widest instead
    assert near(stranger, "plain") == {}  # something was found
    assert near(stranger, "-plain") == {}

    told[1].client.post("/my-story/rest/")
    assert "nature-and-movement" not in near(stranger, "allotments")
    assert near(stranger, "prayers")["hope"] == 2
    for person in told:
        person.take_down()
    assert near(stranger, "allotments") == {}


def test_the_words_belong_to_themes_that_there_are(site):
    listed = tomllib.loads(WORDS.read_text())
    assert set(listed) == set(Term.objects.filter(scheme="theme").values_list("slug", flat=True))
