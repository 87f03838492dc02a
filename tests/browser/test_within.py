"""Words found in one story: with a keyboard, with a finger, from the search page, and without
JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from stories.contributions.models import Contribution
from stories.publishing.pause import pause
from tests import recordings
from tests.browser.spoken import on_the_site
from tests.browser.test_pages import problems
from tests.snapshot import Snapshot

pytestmark = pytest.mark.browser
TOLD = Snapshot("told", "MEDIA_STORE_DIR", "KEYS_DIR")
SAID = (
    "The bus was late that day,",
    "and I walked with my community",
    "psychiatric nurse along the shore.",
    "Nobody spoke.",
    "I walk there now, and",
    "the buses go by.",
)
_addresses: list[str] = []


@pytest.fixture
def told(site) -> str:
    """The address of a recording of twelve seconds with the words above, two seconds to each."""
    if not TOLD.restore():
        _addresses[:] = [on_the_site("The bus", recordings.sound("mp3", 3), SAID, 2)]
        TOLD.take()
    return _addresses[0]


def now(page: Page) -> float:
    return page.evaluate("document.querySelector('audio').currentTime")


def test_a_keyboard_is_enough(person, told):
    page = person(bypass_csp=True)
    page.goto(told)
    field = page.get_by_label("Find words in this story")
    field.fill("walking OR cpn")
    field.press("Enter")
    said, here = page.locator("[data-find-said]"), page.locator(".found-now")
    expect(said).to_contain_text("1 of 3")
    expect(here).to_have_text("walked")
    field.press("Enter")
    expect(said).to_contain_text("2 of 3")
    expect(here).to_have_text(["community", "psychiatric nurse"])  # from one line into the next
    field.press("Shift+Enter")
    field.press("Shift+Enter")
    expect(said).to_contain_text("3 of 3")
    assert problems(page) == []

    page.get_by_role("button", name="Play from 0:08", exact=True).press("Enter")
    page.wait_for_function("document.querySelector('audio').currentTime >= 7")
    marks = page.get_by_role("list", name="Where your words are said").get_by_role("button")
    expect(marks).to_have_count(2)  # the first two are too near to be pressed apart
    marks.first.press("Space")
    expect(said).to_contain_text("1 of 3")
    page.wait_for_function("document.querySelector('audio').currentTime < 6")
    assert not page.evaluate("document.querySelector('audio').paused")

    field.fill("zebra")
    field.press("Enter")
    expect(said).to_have_text("Not in this story")
    expect(page.locator("mark")).to_have_count(0)
    expect(marks).to_have_count(0)
    assert "walked with my community" in page.locator("[data-words]").inner_text()


def test_a_moment_from_the_search_page_is_marked_where_it_leads(person, told):
    page = person(phone=True, bypass_csp=True)
    page.goto("/search/?q=walking")
    page.locator(".moment").last.click()
    expect(page.locator("mark")).to_have_text(["walked", "walk"])
    expect(page.locator("[data-find-said]")).to_contain_text("of 2")
    page.get_by_role("button", name="Next place").tap()
    page.get_by_role("button", name="Next place").tap()
    expect(page.locator(".found-now")).to_be_in_viewport()
    assert problems(page) == []


def test_without_javascript_each_place_has_a_link(person, told):
    page = person(java_script_enabled=False)
    page.goto(told)
    field = page.get_by_label("Find words in this story")
    field.fill("walking")
    field.press("Enter")
    expect(page.locator("mark")).to_have_text(["walked", "walk"])
    expect(page.locator("[data-find-said]")).to_have_text("2 places")
    page.get_by_role("link", name="0:08", exact=True).last.click()
    assert page.url.endswith("?find=walking&t=8#t8")
    expect(page.locator("mark")).to_have_count(2)
    assert "#t=8" in (page.locator("source").first.get_attribute("src") or "")


def test_a_story_that_went_meanwhile_says_so(person, told):
    page = person()
    page.goto(told)
    pause(Contribution.objects.get())
    field = page.get_by_label("Find words in this story")
    field.fill("bus")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("The bus")
