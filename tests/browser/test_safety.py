"""Finding support, getting in touch and leaving quickly: for everyone, and without JavaScript."""

from __future__ import annotations

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from archive.contact.models import Subject
from archive.demo.directory import fill_directory
from tests.browser.test_pages import problems
from tests.people import work

pytestmark = pytest.mark.browser
OUT = "https://www.bbc.co.uk/**"


@pytest.mark.parametrize(
    ("phone", "scheme"),
    [
        pytest.param(True, "dark", id="dark-phone"),
        pytest.param(False, "light", id="light-desk", marks=pytest.mark.long),
        pytest.param(True, "light", id="light-phone", marks=pytest.mark.long),
        pytest.param(False, "dark", id="dark-desk", marks=pytest.mark.long),
    ],
)
def test_support_is_for_everyone(person, site, phone, scheme):
    fill_directory()
    page = person(phone=phone, color_scheme=scheme, bypass_csp=True)
    found = []
    for address in (
        "/services/",
        "/leaving-quickly/",
        "/how-it-looks/",
        "/contact/sent/",
        "/contact/?about=peer-working",
    ):
        page.goto(address)
        found += problems(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Please write your message")
    found += problems(page)
    assert found == []


def test_all_of_it_works_without_javascript(person, site):
    fill_directory()
    page = person(phone=True, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Need to talk to someone?").click()
    expect(page.get_by_role("heading", name="If today is hard")).to_be_in_viewport()
    page.goto("/services/")
    page.get_by_label("What would you like help with?").select_option("Making things")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".service h3")).to_have_text(["Scottish Mental Health Arts Festival"])
    page.goto("/contact/?about=peer-working")
    expect(page.get_by_label("What is it about?")).to_have_value("peer-working")
    page.get_by_label("Your message").fill("May I come along one day?")
    page.get_by_label("Your e-mail").fill("ann at example")
    page.wait_for_timeout(3_100)  # no machine
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your message")).to_have_value("May I come along one day?")
    page.get_by_label("Your e-mail").fill("ann@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    work()
    assert [letter.to for letter in mail.outbox] == [
        [Subject.objects.get(slug="peer-working").inbox]
    ]


def test_shift_three_times_leaves_and_capital_letters_do_not(person, contributor, moderator):
    contributor.tell("Behind the door", "He had the keys.")
    moderator.approve(moderator.waiting()[0], content_notes=["domestic-abuse"])
    work()
    page = person()
    page.route(OUT, lambda route: route.fulfill(body="Sun later."))
    page.goto("/stories/")
    expect(page.get_by_role("link", name="Exit this page")).to_have_count(0)
    page.get_by_role("link", name="Behind the door").click()
    before = page.locator(".notice")
    expect(before).to_contain_text("Shift three times")
    expect(before).to_contain_text("clear your browser")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+Key{letter}")
    said = page.locator("[data-exit-said]")
    expect(said).to_have_text("")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Press Shift 1 more time to leave this page.")
    page.keyboard.press("Shift")
    page.wait_for_url(OUT)
    page.go_back()
    assert "/stories/" in page.url
    assert "behind" not in page.url


def test_what_somebody_chose_for_their_eyes_stays_on_their_device(person, site):
    page = person(phone=True, color_scheme="light")
    sent = []
    page.on("request", lambda request: sent.append(request.url + str(request.all_headers())))
    page.goto("/how-it-looks/")
    paper, size = paper_of(page), size_of(page)
    page.get_by_label("Dark").check()
    page.get_by_label("Largest").check()
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    for address in ("/", "/services/", "/share-your-story/age/"):
        page.goto(address)
        assert paper_of(page) == "rgb(28, 24, 32)" != paper
        assert size_of(page) > 1.3 * size
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto("/how-it-looks/")
    expect(page.get_by_label("Dark")).to_be_checked()
    for as_before in page.get_by_label("As my device").all():
        as_before.check()
    assert (paper_of(page), size_of(page)) == (paper, size)
    assert page.evaluate("localStorage.length") == 0
    assert "largest" not in "".join(sent)


def paper_of(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def size_of(page: Page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
