"""Stories to go on to: what they share, and nothing through what consent has closed."""

from __future__ import annotations

import re

import pytest

from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.pages.models import StoryPage
from stories.pages.related import related
from stories.publishing.answer import answer
from tests.people import Contributor, work

ROOM = (
    ("One", "An allotment by the canal.", ["hope", "nature-and-movement"]),
    ("Two", "All about an allotments shed.", ["hope"]),
    ("Three", "Other words.", ["hope", "nature-and-movement"]),
    ("Four", "Nothing in common, at all.", ["rights"]),
)


@pytest.fixture
def room(moderator) -> dict[str, Contribution]:
    """Published written stories by their titles."""
    for title, words, themes in ROOM:
        Contributor().tell(title, words)
        moderator.approve(moderator.waiting()[0], themes=themes)
    work()
    return {story.page.title_shown: story for story in Contribution.objects.all()}


def near(stranger, story: Contribution) -> list[tuple[str, str]]:
    """(title, reason) of what a story's page leads on to."""
    page = stranger.client.get(StoryPage.objects.get(contribution=story).url).content.decode()
    _, _, shown = page.partition('class="related"')
    return re.findall(r'<h3><a [^>]*>([^<]+)<.*?class="why">Also about: ([^<]+)<', shown, re.S)


def refuse(story: Contribution, purpose: str) -> None:
    answer(story, Answer(current_statement(purpose), "no"))


def test_what_shares_most_comes_first_with_its_reason(room, stranger):
    assert near(stranger, room["One"]) == [
        ("Three", "Finding hope, Nature and movement"),
        ("Two", "Finding hope, allotment"),
    ]
    assert near(stranger, room["Four"]) == []


def test_what_consent_closes_is_neither_shown_nor_a_key(room, stranger):
    refuse(room["Three"], "site_search")  # and no worker runs
    assert [title for title, _ in near(stranger, room["One"])] == ["Two"]
    assert near(stranger, room["Three"]) == []
    # A page that outside engines may show leads to no story that they may not.
    refuse(room["Two"], "external_search_engines")
    assert near(stranger, room["One"]) == []
    refuse(room["One"], "external_search_engines")
    assert [title for title, _ in near(stranger, room["One"])] == ["Two"]


def test_it_asks_the_database_five_times_however_many_there_are(
    room, django_assert_max_num_queries
):
    page = StoryPage.objects.get(contribution=room["One"])
    assert page.exits
    assert page.themes
    with django_assert_max_num_queries(5):
        assert len(related(page)) == 2
