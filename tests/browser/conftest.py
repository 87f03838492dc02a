"""A real Chromium against a real server, with the database and files of the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright runs a loop in this thread, which Django would take for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
    # A picture and a tone that beeps, for pages that are allowed to use them.
    "--use-fake-device-for-media-stream",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all these tests, and none for those after them."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing. Run make test, which installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, live_server, site) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own: `person()` at a desk, `person(phone=True)`.

    Every page is closed at the end, and the test fails if one of them reported an error.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def arrive(phone: bool = False, base_url_of: str = "", **options) -> Page:
        size = PHONE if phone else DESKTOP
        context = chromium.new_context(
            base_url=base_url_of or live_server.url, viewport=size, has_touch=phone, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert not errors, errors
