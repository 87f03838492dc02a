"""By keyboard alone: the library and the directory narrowed down, widened again and leafed through,
at a desk and on a phone's width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from archive.directory.models import Area, HelpTopic, Service
from archive.pages.library.models import PAGE_SIZE, LibraryPage
from tests.archive.test_library import put
from tests.browser.reach import NARROW
from tests.browser.test_keyboard import FOCUSED, go, press, tab_to

pytestmark = pytest.mark.browser
DESK, PHONE = False, True


def arrive(person, phone: bool, address: str) -> Page:
    page = person(phone=phone)
    if phone:
        page.set_viewport_size(NARROW)
    page.goto(address)
    return page


def back_through(page: Page, least: int) -> None:
    """Shift and Tab from the end to the beginning: what has focus is seen and not covered."""
    page.evaluate("[...document.querySelectorAll('a')].at(-1).focus()")
    for passed in range(200):
        here = page.evaluate(FOCUSED)
        if here["name"] == "Skip to the main part":
            assert passed >= least
            return
        assert here["shown"], here
        assert not here["covered"], here
        page.keyboard.press("Shift+Tab")
    pytest.fail("The beginning is not reached")


@pytest.fixture
def library(site) -> LibraryPage:
    library = LibraryPage.objects.get()
    for number in range(PAGE_SIZE + 2):
        put(library, f"Poster {number:02}", "poster", "hope", 2020)
    put(library, "A guide to groups", "guide", "mutual-help", 2026, link="https://example.org/")
    put(library, "Your rights", "guide", "rights", 2025, link="https://example.org/")
    return library


@pytest.mark.parametrize("phone", [DESK, PHONE])
def test_the_library(person, library, phone):
    page = arrive(person, phone, "/resources/")
    count = page.locator(".shelf-count")
    expect(count).to_have_text(f"{PAGE_SIZE + 4} things")
    go(page, "More", "a")
    expect(page.locator(".resource-title").last).to_have_text("Poster 13")
    page.goto("/resources/")
    go(page, "Guide", "a")
    expect(count).to_have_text("2 things")
    if phone:  # at a desk it stands open beside the shelf
        press(page, "Narrow it down", "summary")
    tab_to(page, "Rights", "input")
    page.keyboard.press("Space")
    go(page, "Show these", "button")
    expect(count).to_have_text("1 thing")
    expect(page.locator(".resource-title")).to_have_text(["Your rights"])
    back_through(page, 10)
    page.goto(page.url)
    # What was chosen says that it is taken away, and goes by itself.
    go(page, "(take away)", "a")
    expect(count).not_to_have_text("1 thing")
    tab_to(page, "Search the library", "input")
    page.keyboard.type("groups")
    page.keyboard.press("Enter")
    expect(page.locator(".resource-title")).to_have_text(["A guide to groups"])


@pytest.fixture
def directory(site) -> None:
    scotland = Area.objects.get(slug="scotland")
    shetland = Area.objects.create(slug="shetland", label="Shetland", within=scotland)
    topic = HelpTopic.objects.create(slug="gardens", label="Gardens and allotments")
    for number in range(40):
        service = Service.objects.create(
            name=f"House {number:02}", slug=f"house-{number}", phone="1", area=scotland
        )
        if number > 37:
            service.helps_with.add(topic)
            service.area = shetland if number == 39 else scotland
            service.save()


@pytest.mark.parametrize("phone", [DESK, PHONE])
def test_the_directory(person, directory, phone):
    page = arrive(person, phone, "/services/")
    tab_to(page, "What would you like help with?", "select")
    page.keyboard.type("Gardens")
    tab_to(page, "Where?", "select")
    page.keyboard.type("Shet")
    go(page, "Show", "button")
    count = page.locator("#services")
    expect(count).to_have_text("2 services for “Gardens and allotments” in “Shetland”")
    assert page.url.endswith("?help=gardens&area=shetland")
    back_through(page, 10)
    page.goto(page.url)
    go(page, "Show all of them again", "a")
    expect(count).to_have_text("All services")
    go(page, "More services", "a")
    expect(page.locator(".where")).to_contain_text("Page 2")
    go(page, "Back", "a")
    expect(page.locator(".where")).to_contain_text("Page 1")
