"""One's own page in a browser: by keyboard, on a phone, without JavaScript, and for everyone."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from stories.consent.reading import consents_of
from stories.consent.record import By, Method
from stories.contributions.models import Contribution
from stories.publishing.approve import Description, approve
from stories.publishing.ask import ask
from tests.browser.test_pages import problems
from tests.people import Contributor, work

pytestmark = pytest.mark.browser
WORDS = "Jean put a note through the door.\n\nI planted garlic."
HOME = "/my-story/"


def staff():
    return get_user_model().objects.get_or_create(username="ailsa")[0]


@pytest.fixture
def story(contributor) -> Contribution:
    """A published one, with a question by name beside it."""
    contributor.tell("The garlic is up", WORDS, shown_name="Mo")
    story = Contribution.objects.get()
    approve(story, staff())
    work()
    story.refresh_from_db()
    return story


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_every_page_is_for_everyone(person, contributor, story, scheme):
    edited = Contributor()
    edited.tell("The alotment", WORDS)
    other = Contribution.objects.exclude(pk=story.pk).get()
    approve(other, staff(), Description(title="The allotment", words=WORDS + "\n\nIt is up."))
    by = By.staff(staff(), Method.WEB)
    asked = ask(story, "partner_reuse", "See Me", "on their website", by=by)
    page = person(phone=True, color_scheme=scheme, bypass_csp=True)
    found = []
    page.goto(contributor.link)
    for path in (
        "", "agreed/site_search/", "agreed/research_access/?more", "agreed/podcast_syndication/",
        f"asked/{asked.key}/", "name/", "take-down/", "new-link/",
    ):  # fmt: skip
        page.goto(HOME + path)
        expect(page).to_have_title(re.compile(r"^(My page|One question|A name|Take it down|A new)"))
        found += problems(page)
    page.get_by_role("button", name="Give me a new link").click()
    expect(page.get_by_role("heading", name="Your new link and code")).to_be_visible()
    found += problems(page)
    page.goto(HOME + "agreed/research_access/")
    page.get_by_role("button", name="Save my answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Please answer Yes, No or Not sure yet")
    found += problems(page)
    page.goto(edited.link)
    page.goto(HOME + "agree/")
    found += problems(page)
    assert found == []


def test_one_thing_is_taken_back_and_given_again_by_keyboard(person, contributor, story, stranger):
    page = person()
    page.goto(contributor.link)
    page.get_by_role("link", name="Change “Find my story here”").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/receipts/"))
    assert stranger.stories() == []
    page.goto(HOME + "agreed/site_search/")
    page.get_by_label("Yes", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/receipts/"))
    assert "site_search" in consents_of(story.contributor_key).given


def test_two_windows_do_not_undo_each_other(person, contributor, story):
    first = person()
    first.goto(contributor.link)
    first.goto(HOME + "agreed/research_access/")
    second = first.context.new_page()
    for answer in ("Yes", "take back"):
        second.goto(HOME + "agreed/research_access/")
        if answer == "Yes":
            second.get_by_label("Yes", exact=True).check()
            second.get_by_role("button", name="Save my answer").click()
        else:
            second.get_by_role("button", name="Take it back").click()
        second.wait_for_url(re.compile("/receipts/"))
    first.get_by_label("Yes", exact=True).check()
    first.get_by_role("button", name="Save my answer").click()
    expect(first.get_by_role("alert")).to_contain_text("You changed this in another window")
    assert "research_access" not in consents_of(story.contributor_key).given


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_taken_down_kept_and_destroyed_on_a_phone(person, contributor, story, stranger, script):
    [address] = stranger.stories()
    page = person(phone=True, java_script_enabled=script, bypass_csp=True)
    found = []
    page.goto(contributor.link)
    page.get_by_role("link", name="Take my story down").click()
    page.get_by_role("button", name="Take it down now").click()
    expect(page.get_by_role("heading", name="It is off the site")).to_be_visible()
    assert stranger.client.get(address).status_code == 410
    found += problems(page) if script else []
    page.get_by_role("button", name=re.compile("^Keep it 14 days")).click()
    expect(page.get_by_role("heading", name="We keep it for you until")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Jean")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save a copy").click()
    assert saved.value.suggested_filename == "copy.zip"
    found += problems(page) if script else []
    page.get_by_role("button", name="Destroy it now").click()
    expect(page.get_by_text("We are now destroying what we kept")).to_be_visible()
    work()
    page.reload()
    expect(page.get_by_role("heading", name="It is all gone")).to_be_visible()
    found += problems(page) if script else []
    assert found == []
    contributor_left = []
    page.route(
        "https://www.bbc.co.uk/**",
        lambda route: (contributor_left.append(1), route.fulfill(body="Sun later.")),
    )
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url("https://www.bbc.co.uk/**")
    assert contributor_left
