"""By keyboard alone on a phone's width, where bars are nearest to what they could cover: one's own
page and its story, and telling us something. The recorder is in test_record.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from archive.contact.models import Enquiry
from archive.demo.directory import fill_directory
from stories.contributions import stamps
from stories.contributions.models import Contribution
from stories.contributions.problems import Problem
from stories.publishing.approve import Description, approve
from tests.browser.reach import NARROW
from tests.browser.test_keyboard import FOCUSED, go, press, tab_to
from tests.browser.test_my_story import HOME, WORDS, staff, story
from tests.people import work

pytestmark = pytest.mark.browser
published = story  # the fixture, under a name of its own


def has_focus(page: Page, selector: str) -> bool:
    return page.evaluate(f"document.activeElement.matches({selector!r})")


def test_going_back_nothing_is_behind_the_bar(person, contributor, published):
    """Where the bar is highest: the narrowest window, the largest text that can be chosen."""
    page = person(phone=True)
    page.set_viewport_size(NARROW)
    for size in ("As my device", "Largest"):
        page.goto("/how-it-looks/")
        page.get_by_role("group", name="Text size").get_by_label(size).check()
        page.goto(contributor.link)
        page.get_by_role("link", name="Contact us").focus()
        passed = 0
        while not has_focus(page, ".header-private *"):
            here = page.evaluate(FOCUSED)
            assert not here["covered"], here
            page.keyboard.press("Shift+Tab")
            passed += 1
        assert passed > 20


def test_a_story_rests_comes_back_and_is_taken_down(person, contributor, published, stranger):
    [address] = stranger.stories()
    page = person(phone=True)
    page.goto(contributor.link)
    press(page, "Let it rest")
    expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    assert stranger.client.get(address).status_code == 404
    page.goto(HOME)
    press(page, "Put it back")
    expect(page.get_by_role("button", name="Let it rest")).to_be_visible()
    assert stranger.client.get(address).status_code == 200
    page.goto(HOME)
    go(page, "Take my story down", "a")
    press(page, "Take it down now")
    expect(page.get_by_role("heading", name="It is off the site")).to_be_visible()
    assert stranger.client.get(address).status_code == 410
    tab_to(page, "Save a copy", "a")
    press(page, "Keep it 14 days for me")
    expect(page.get_by_role("heading", name="We keep it for you until")).to_be_visible()
    page.goto(HOME)
    press(page, "Forget this device")
    expect(page.get_by_role("heading", name="Come in")).to_be_visible()


def test_what_was_changed_is_read_and_agreed_to(person, contributor, stranger):
    contributor.tell("The alotment", WORDS)
    sent = Contribution.objects.get()
    approve(sent, staff(), Description(title="The allotment", words=WORDS + "\n\nIt is up."))
    page = person(phone=True)
    page.goto(contributor.link)
    go(page, "Look at it", "a")
    press(page, "Read it without the marks", "summary")
    expect(page.get_by_text("It is up.").last).to_be_visible()
    press(page, "Yes, that's how it should go out")
    page.wait_for_url("**/my-story/")
    work()
    [address] = stranger.stories()
    assert "allotment" in address


def test_contact_and_a_problem_are_told(person, published, stranger, monkeypatch):
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(0))
    fill_directory()
    page = person(phone=True)
    page.goto("/contact/")
    press(page, "Send")
    expect(page.get_by_role("alert")).to_be_visible()
    assert has_focus(page, ".error-summary")
    press(page, "Please write your message", "a")
    assert has_focus(page, "textarea")
    page.keyboard.type("May I come along one day?")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Your e-mail", "input")
    page.keyboard.type("ann@example.org")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Enquiry.objects.get().words.email == "ann@example.org"

    page.goto(f"{stranger.stories()[0]}problem/")
    press(page, "Send it")
    expect(page.get_by_role("alert")).to_be_visible()
    assert has_focus(page, ".error-summary")
    press(page, "Please choose what it is about", "a")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press(page, "Send it")
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    assert Problem.objects.get().about == "in_it"
