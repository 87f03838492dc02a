"""The form in a browser: on a phone, without JavaScript, and when things go wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from stories.contributions.models import Contribution
from tests import recordings

pytestmark = pytest.mark.browser


def begin(page: Page, kind: str) -> None:
    page.goto("/share-your-story/age/")
    page.get_by_label("Yes, I am 18 or over").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Continue").click()


def test_a_written_story_without_javascript_on_a_phone(person):
    page = person(phone=True, java_script_enabled=False)
    begin(page, "Write it here")
    language = page.get_by_label("Its language")
    expect(language).not_to_be_visible()
    page.get_by_text("I wrote this in another language").click()
    language.select_option("Polish")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Please give your story a title.")
    expect(language).to_be_visible()
    expect(language).to_have_value("pl")
    title = page.get_by_label("Give your story a title")
    expect(title).to_have_attribute("autocomplete", "off")  # whoever has the phone next
    title.fill("Tuesdays")
    page.get_by_role("textbox", name="Your story", exact=True).fill("It gave me Tuesdays.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("The name to show")).to_have_attribute("autocomplete", "off")
    page.get_by_label("No name").check()
    page.get_by_role("button", name="Continue").click()
    for _ in range(4):
        page.get_by_label("Not sure yet").check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my story").click()
    expect(page.locator("#private-code")).to_be_visible()
    page.get_by_role("link", name="See where my story stands").click()
    expect(page.get_by_role("heading", name="Tuesdays")).to_be_visible()
    assert Contribution.objects.get().state == "submitted"
    assert Contribution.objects.get().private.language == "pl"


def test_words_survive_a_tab_that_is_killed(person):
    page = person(phone=True)
    begin(page, "Write it here")
    page.get_by_role("textbox", name="Your story", exact=True).fill("Half a sentence that I")
    expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=10_000)
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/share-your-story/words/")
    words = again.get_by_role("textbox", name="Your story", exact=True)
    expect(words).to_have_value("Half a sentence that I")


def test_a_bad_file_says_what_it_is_and_a_good_one_then_goes_through(person, tmp_path):
    page = person(phone=True)
    begin(page, "Send a video or sound recording")
    text = tmp_path / "story.mp4"
    text.write_text("Not a film but a letter.\n" * 200)
    page.get_by_label("Yes", exact=True).check()
    page.locator("#file").set_input_files(text)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert").first).to_contain_text("That file is a text file")
    expect(page.get_by_label("Yes", exact=True)).to_be_checked()
    page.locator("#file").set_input_files(recordings.sound("ogg", 1))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("No, only me").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="About your recording")).to_be_visible()


def test_a_file_over_the_limit_is_not_even_sent(person, settings, tmp_path):
    settings.MAX_UPLOAD_BYTES = 50_000
    page = person()
    begin(page, "Send a video or sound recording")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("No", exact=True).check()
    page.locator("#file").set_input_files(recordings.sound("wav", 2))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert").filter(has_text="too big")).to_be_visible()
    assert "POST" not in sent


def test_two_quick_clicks_send_one_story(person):
    page = person()
    begin(page, "Write it here")
    page.get_by_label("Give your story a title").fill("Once")
    page.get_by_role("textbox", name="Your story", exact=True).fill("Only once.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("No name").check()
    page.get_by_role("button", name="Continue").click()
    for _ in range(4):
        page.get_by_label("No", exact=True).check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my story").dblclick()
    expect(page.locator("#private-code")).to_be_visible()
    assert Contribution.objects.count() == 1


def test_three_presses_of_escape_leave_at_once(person):
    page = person()
    left = []
    page.route("https://www.bbc.co.uk/**", lambda route: (left.append(1), route.abort()))
    begin(page, "Write it here")
    expect(page.get_by_role("heading", name="Your words")).to_be_visible()
    page.wait_for_load_state("load")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert left
