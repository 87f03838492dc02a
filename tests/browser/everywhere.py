"""Every kind of page and state that a browser can be shown, one after another.

A round opens its pages in turn and stops at each, for whatever is to be measured there.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, Route
from wagtail.models import Locale

from archive.demo.directory import fill_directory
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.contributions import stamps
from tests import recordings
from tests.people import Contributor

FORM = "/share-your-story/"
MINE = "/my-story/"
STEPS = (
    "how", "recording", "others", "words", "name", "voice", "face", "consent/publish_video",
    "consent/site_search", "consent/podcast_syndication", "email", "check", "later",
)  # fmt: skip
ERRORS = (403, "403_csrf", 413, 429, 500, 503)


def often_met(page: Page, at: dict[str, str]) -> Iterator[None]:
    """What anybody meets. `at` has the addresses of `test_pages.fill`."""
    fill_directory()
    for path in (
        "/",
        "/stories/",
        "/stories/?theme=hope&without=violence",
        at["heard"],
        at["written"],
        at["gone"],
        "/podcasts/",
        "/podcasts/stories/",
        "/search/",
        "/search/?q=words&theme=hope&without=violence&sort=longest",
        "/search/?q=zebra",
        "/services/",
        "/leaving-quickly/",
        "/how-it-looks/",
        "/contact/?about=peer-working",
        "/contact/sent/",
        "/nowhere/",
    ):
        page.goto(path)
        yield


def seldom_met(page: Page, at: dict[str, str]) -> Iterator[None]:
    """Nothing of a kind, a place found in a story, hard words, Gaelic, the open menu."""
    for path in (
        "/stories/?kind=watch",
        f"{at['heard']}?t=8&find=leisure",
        "/search/",
        "/search/?q=i+want+to+die",
        gaelic(),
    ):
        page.goto(path)
        yield
    menu = page.get_by_text("Menu", exact=True)
    if menu.is_visible():
        menu.click()
        yield


def told_of_a_problem(page: Page, at: dict[str, str]) -> Iterator[None]:
    """The form for it as it comes, with what is missing, and the thanks."""
    with mock.patch.object(stamps, "QUICKEST", timedelta(0)):
        page.goto(f"{at['written']}problem/")
        yield
        page.get_by_role("button", name="Send it").click()
        page.get_by_role("alert").wait_for()
        yield
        page.get_by_label("I am in it").check()
        page.get_by_role("button", name="Send it").click()
        page.get_by_role("heading", name="Thank you for telling us").wait_for()
        yield


def gone_wrong(page: Page, at: dict[str, str]) -> Iterator[None]:
    """The pages that say so, in place of one that could not be shown."""
    for name in ERRORS:
        html = render_to_string(f"errors/{name}.html", request=RequestFactory().get("/"))
        page.route("**/wrong/", partial(answer, html))
        page.goto("/wrong/")
        yield
        page.unroute("**/wrong/")


def answer(html: str, route: Route) -> None:
    route.fulfill(body=html, content_type="text/html; charset=utf-8")


def the_form(page: Page, at: dict[str, str]) -> Iterator[None]:
    """Each step of it with a film, and each again with nothing filled in."""
    page.goto(FORM)
    yield
    page.goto(f"{FORM}age/")
    page.get_by_role("button", name="Continue").click()
    yield
    page.get_by_label(re.compile("No")).check()
    page.get_by_role("button", name="Continue").click()
    yield
    teller = Contributor()
    teller.begin("recording")
    teller.upload(recordings.video("mp4", 1))
    sign_in(page, teller)
    for step in STEPS:
        page.goto(f"{FORM}{step}/")
        yield
        if step not in {"how", "recording", "email", "check", "later"}:
            page.locator("form [type=submit]").last.click()
            yield
    page.goto(f"{FORM}later/")
    page.get_by_role("button", name=re.compile("link")).click()
    yield


def ones_own(page: Page, at: dict[str, str]) -> Iterator[None]:
    """The contributor's own pages, and those of somebody else who is heard in the recording."""
    for path in ("", "lost/"):
        page.goto(MINE + path)
        yield
    page.get_by_label(re.compile("e-mail")).fill("ann@example.org")
    page.get_by_role("button", name="Send me a link").click()
    yield
    page.goto(MINE)
    page.get_by_label("Your code").fill("ABCD")
    page.get_by_role("button", name="Come in").click()
    yield
    teller = Contributor()
    teller.tell("With Ailsa", recording=recordings.sound("mp3", 1), others="Ailsa")
    sign_in(page, teller)
    for path in (
        "", "receipts/", "everything/", "words/", "agreed/site_search/", "agreed/site_search/?more",
        "name/", "people/", "new-link/", "take-down/", "agree/",
    ):  # fmt: skip
        page.goto(MINE + path)
        yield
    page.goto(f"{MINE}receipts/")
    page.locator(".receipts a").first.click()
    for summary in page.locator("details summary").all()[:2]:
        summary.click()
    yield
    page.goto(f"{MINE}people/")
    page.get_by_role("button", name="Make a link for Ailsa").click()
    yield
    link = page.locator("#private-link").inner_text()
    page.context.clear_cookies()
    page.goto(link)
    yield
    for question in [a.get_attribute("href") or "" for a in page.locator("main a").all()]:
        if "/part/agreed/" in question:
            page.goto(question)
            yield
            break


def taken_along(page: Page, at: dict[str, str]) -> Iterator[None]:
    """A folder of pages of its own: what somebody agreed to, and the list of it all."""
    teller = Contributor()
    teller.tell("Taken along", "Some words.")
    whole = teller.client.get(f"{MINE}everything/copy.zip")
    folder = Path(settings.TEST_ROOM) / "taken-along"
    with zipfile.ZipFile(BytesIO(b"".join(whole))) as file:
        file.extractall(folder)
    for name in sorted(folder.glob("*.html")):
        page.goto(name.as_uri())
        yield


ROUNDS = (often_met, seldom_met, told_of_a_problem, gone_wrong, the_form, ones_own, taken_along)


def gaelic() -> str:
    """The address of an editors' page that somebody has put into Gaelic."""
    section = SectionPage(title="Self-manage", introduction="Small things.")
    RecoveryPage.objects.get().add_child(instance=section)
    there = section.copy_for_translation(Locale.objects.get(language_code="gd"), copy_parents=True)
    there.title = "Fèin-stiùireadh"
    there.save_revision().publish()
    return there.url


def sign_in(page: Page, teller: Contributor) -> None:
    """The same device as that of `teller`."""
    for name, cookie in teller.client.cookies.items():
        where = {"domain": "localhost", "path": cookie["path"] or "/"}
        page.context.add_cookies([{"name": name, "value": cookie.value, **where}])
