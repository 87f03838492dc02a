"""The main job, end to end: from a form to a found second, and back to nothing.

A real upload in a real browser, real ffmpeg, real recognition of a LibriVox reading, approval in
Wagtail's admin, a search for spoken words, the player at that second, and withdrawal.
"""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from tests import recordings
from tests.people import work

pytestmark = pytest.mark.browser

TITLE = "Mister Dashwood's table"
SPOKEN = "married"  # the third word of the fourth reading, and said nowhere else


def tell(page: Page, recording) -> str:
    """Go through the form as someone does, and return the private link."""
    page.goto("/share-your-story/")
    page.get_by_role("link", name="Start").click()
    page.get_by_label("Yes, I am 18 or over").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Send a video or sound recording").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("#file").set_input_files(recording)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("No, only me").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Give your story a title").fill(TITLE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("A name I choose").check()
    page.get_by_label("The name to show").fill("Jane")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("My own voice").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("The picture as it is").check()
    page.get_by_role("button", name="Continue").click()
    while "/consent/" in page.url:
        here = page.url
        page.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, here=here: url != here)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my story").click()
    return page.locator("#private-link").inner_text()


def sign_in(page: Page) -> None:
    user = get_user_model().objects.create_user("ailsa", password="a long enough password")
    user.groups.add(Group.objects.get(name="Moderators"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("ailsa")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()


def playing_at(page: Page) -> float:
    """The player's time in seconds, as soon as it has left the beginning; 0 if it never does."""
    for _ in range(100):
        if seconds := page.evaluate("document.querySelector('video, audio').currentTime"):
            return seconds
        page.wait_for_timeout(200)
    return 0


def test_from_the_form_to_a_found_second_and_back(person, stored_files):
    contributor, moderator, stranger = person(), person(), person()
    link = tell(contributor, recordings.video("mp4", 5))
    contributor.goto(link)
    expect(contributor).to_have_url(re.compile(r"/my-story/$"))
    work()  # probe, transcode, clean, transcribe
    contributor.reload()
    expect(contributor.get_by_text("A person reads, hears or watches it")).to_be_visible()

    sign_in(moderator)
    moderator.get_by_role("link", name=re.compile("Contributions")).first.click()
    moderator.get_by_role("link", name=TITLE).click()
    expect(moderator.get_by_text("What was said")).to_be_visible()
    moderator.get_by_role("button", name="Approve and publish").click()
    expect(moderator.get_by_text("is approved")).to_be_visible()
    work()  # reconcile

    stranger.goto("/")
    stranger.get_by_role("combobox").first.fill(SPOKEN)
    stranger.keyboard.press("Enter")
    moment = stranger.locator("a[href*='?t=']").first
    expect(stranger.locator("mark").first).to_be_visible()
    address = moment.get_attribute("href") or ""
    moment.click()
    # Known from the readings themselves, not from what the site made of them.
    truth = sum(reading.seconds for reading in recordings.readings()[:3])
    assert abs(playing_at(stranger) - truth) <= 2

    story = address.partition("?")[0]
    media = stranger.locator("source").first.get_attribute("src") or ""
    assert stranger.request.get(media).status == 200
    assert stored_files() != []

    contributor.reload()
    contributor.get_by_role("link", name="Take my story down").click()
    contributor.get_by_role("button", name="Take it down now").click()
    expect(contributor.get_by_text("It is off the site")).to_be_visible()
    assert stranger.request.get(story).status == 410
    assert stranger.request.get(media).status == 410
    stranger.goto(f"/search/?q={SPOKEN}")
    expect(stranger.locator("mark")).to_have_count(0)
    contributor.get_by_role("button", name="Destroy it now").click()
    work()  # the closing steps
    contributor.reload()
    expect(contributor.get_by_text("It is all gone")).to_be_visible()
    assert stored_files() == []
