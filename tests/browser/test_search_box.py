"""The search box: what it offers, to eyes, ears and keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.people import Contributor, work

pytestmark = pytest.mark.browser


@pytest.fixture
def told(moderator) -> None:
    for number in range(3):
        Contributor().tell(f"The garlic is up {number}")
    for reference in moderator.waiting():
        moderator.approve(reference)
    work()


def test_the_box_is_used_with_keys_and_by_ear(person, told):
    page = person(phone=True)
    page.goto("/search/")
    box = page.get_by_role("combobox", name="Search what people said")
    box.press_sequentially("gar")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(page.get_by_role("status")).to_have_text("3 suggestions")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_value("The garlic is up 0")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestions-0$"))
    box.press("Escape")
    expect(box).to_have_value("gar")
    expect(options).to_have_count(0)
    box.press_sequentially("l")
    options.nth(1).click()
    expect(page).to_have_url(re.compile(r"q=The\+garlic\+is\+up\+1"))


def test_who_types_on_is_not_answered_for_what_stood_before(person, told):
    page = person()
    page.goto("/search/")
    asked = []
    page.on("request", lambda r: asked.append(r.url) if "suggestions" in r.url else None)
    box = page.get_by_role("combobox")
    box.press_sequentially("garlic", delay=20)
    expect(page.get_by_role("option")).to_have_count(3)
    assert len(asked) == 1
    box.fill("g")
    expect(page.get_by_role("option")).to_have_count(0)
