"""A passage that a content note is about: passed by with one press, and never played unasked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from stories.contributions import stamps
from stories.contributions.models import Contribution
from stories.contributions.problems import Problem
from tests.browser.test_pages import problems
from tests.browser.test_within import now, told
from tests.people import Moderator

__all__ = ["told"]
pytestmark = pytest.mark.browser
FIRST, AFTER = 4, 8


@pytest.fixture
def noted(told) -> str:
    """Seconds 4 to 8 of twelve are about a suicide attempt."""
    story = Contribution.objects.get()
    version = story.versions.get()
    Moderator.appointed("morag").client.post(
        f"/admin/contributions/{story.reference}/notes/",
        {
            "version": version.number,
            "content_notes": ["suicide-attempt"],
            "where_suicide-attempt": f"0:0{FIRST} to 0:0{AFTER}",
        },
    )
    assert story.versions.count() == 2
    return told


def go_to(page: Page, second: float) -> None:
    page.evaluate(f"document.querySelector('audio').currentTime = {second}")


def test_a_press_or_a_tick_beforehand_leads_past_it_and_an_address_waits_after_it(person, noted):
    page = person(bypass_csp=True)
    page.goto(noted)
    expect(page.locator(".noted .cue").first).to_be_hidden()
    skip = page.get_by_role("button", name="Skip the part about a suicide attempt")
    expect(skip).to_be_hidden()
    page.locator("media-play-button").press("Enter")
    expect(skip).to_be_visible()  # ten seconds before it, so from the beginning
    skip.scroll_into_view_if_needed()
    expect(skip).to_be_in_viewport(ratio=1)  # and nothing cuts it off
    assert problems(page) == []
    skip.press("Enter")
    page.wait_for_function(f"document.querySelector('audio').currentTime >= {AFTER}")
    expect(skip).to_be_hidden()

    page.get_by_label("Skip that part when it comes").check()
    page.evaluate(
        "{window.heard = []; const audio = document.querySelector('audio');"
        "audio.addEventListener('timeupdate', () => window.heard.push(audio.currentTime))}"
    )
    go_to(page, FIRST - 1)
    page.wait_for_function(f"document.querySelector('audio').currentTime > {AFTER}")
    heard = page.evaluate("window.heard")
    assert [at for at in heard if FIRST + 0.7 < at < AFTER] == []

    page.goto(f"{noted}?t=5")
    go_on = page.get_by_role("button", name="Play from 0:08")
    expect(go_on).to_be_visible()
    page.wait_for_function(f"document.querySelector('audio').currentTime >= {AFTER}")
    assert page.evaluate("document.querySelector('audio').paused")
    go_on.click()
    page.wait_for_function("!document.querySelector('audio').paused")
    page.get_by_role("link", name="Play from 0:05").click()
    page.wait_for_url("**anyway=1")
    page.wait_for_function(f"document.querySelector('audio').currentTime >= {FIRST + 1}")
    assert now(page) < AFTER


def test_a_problem_is_told_without_a_script_and_the_form_can_be_read_by_all(
    person, told, monkeypatch
):
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(0))
    page = person(bypass_csp=True)
    page.goto(f"{told}problem/")
    assert problems(page) == []
    plain = person(phone=True, java_script_enabled=False)
    plain.goto(told)
    plain.get_by_role("link", name="Tell us about a problem with this story").click()
    plain.get_by_label("I am in it").check()
    plain.get_by_role("button", name="Send it").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    assert Problem.objects.get().about == "in_it"
