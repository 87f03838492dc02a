"""Every kind of page in a narrow window, with large and with spread text; and the pages that no
other test here holds to axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests import recordings
from tests.browser import everywhere
from tests.browser.reach import lost
from tests.browser.test_pages import archive, problems
from tests.browser.test_sections import pages
from tests.people import Contributor, Moderator, Stranger, work

pytestmark = pytest.mark.browser
all_stories = archive  # the fixtures, under names of their own
one_of_each = pages
Round = Callable[[Page, dict[str, str]], Iterator[None]]


def a_few(page: Page, at: dict[str, str]) -> Iterator[None]:
    """One page of each build."""
    for path in ("/", at["heard"], "/search/?q=words&theme=hope", "/contact/sent/", at["link"]):
        page.goto(path)
        yield


def rounds(*daily: Round, seldom: tuple[Round, ...]) -> list:
    marked = [pytest.param(each, id=each.__name__, marks=pytest.mark.long) for each in seldom]
    return [*[pytest.param(each, id=each.__name__) for each in daily], *marked]


@pytest.mark.parametrize("stops", rounds(a_few, seldom=everywhere.ROUNDS))
def test_nothing_is_lost_when_a_page_is_narrow_large_or_spread(person, all_stories, stops):
    page = person(phone=True, bypass_csp=True)
    found = []
    for _ in stops(page, all_stories):
        found += lost(page)
    assert found == []


@pytest.mark.long
def test_nor_of_a_film_a_section_or_the_library(person, one_of_each):
    Contributor().tell("A film", recording=recordings.video("mp4", 2), transcribe="yes")
    work()
    moderator = Moderator.appointed("flora")
    moderator.approve(moderator.waiting()[0], content_notes=["suicide"], themes=["hope"])
    work()
    shelves = ("/resources/", "/resources/?type=link&year=2020", "/resources/?q=zebra")
    stories = Stranger().stories()
    page = person(bypass_csp=True)
    found = []
    for path in (*one_of_each, *shelves, *stories):
        page.goto(path)
        found += lost(page)
    for phone, scheme in ((True, "light"), (True, "dark"), (False, "light"), (False, "dark")):
        page = person(phone=phone, color_scheme=scheme, bypass_csp=True)
        for path in stories:
            page.goto(path)
            found += problems(page)
    assert found == []


@pytest.mark.parametrize(
    ("phone", "scheme"),
    [
        pytest.param(True, "dark", id="dark-phone"),
        pytest.param(False, "dark", id="dark-desk", marks=pytest.mark.long),
        pytest.param(False, "light", id="light-desk", marks=pytest.mark.long),
        pytest.param(True, "light", id="light-phone", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(
    "stops",
    rounds(
        everywhere.told_of_a_problem,
        everywhere.taken_along,
        seldom=(
            everywhere.seldom_met,
            everywhere.gone_wrong,
            everywhere.the_form,
            everywhere.ones_own,
        ),
    ),
)
def test_the_other_pages_are_for_everyone(person, all_stories, stops, phone, scheme):
    page = person(phone=phone, color_scheme=scheme, bypass_csp=True)
    found = []
    for _ in stops(page, all_stories):
        found += problems(page)
    assert found == []
