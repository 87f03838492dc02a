"""By keyboard alone: from the front page to a found moment and to help, and through the form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import archive

pytestmark = pytest.mark.browser
found_archive = archive  # the fixture, under a name of its own
STOPS = 90  # more than any of these pages has before what is looked for
# What has focus, through the shadow roots of the player's parts: its name, and whether focus shows.
FOCUSED = """() => {
    let here = document.activeElement
    while (here.shadowRoot?.activeElement) here = here.shadowRoot.activeElement
    const host = here.getRootNode().host ?? here
    // Its own ring, that of its label beside it, or that of something it stands in.
    const rings = [here, host.nextElementSibling]
    for (let each = host; each && each !== document.body; each = each.parentElement)
        rings.push(each)
    const seen = element => {
        const look = getComputedStyle(element)
        const shadow = here !== host && element === host && look.boxShadow !== 'none'
        return look.outlineStyle !== 'none' || shadow
    }
    // A browser draws the rings of its own controls, where no style can be read.
    const itsOwn = here.controls && !here.matches(':focus')
    const box = host.getBoundingClientRect()
    const y = box.y + Math.min(box.height, 40) / 2
    const top = document.elementFromPoint(box.x + box.width / 2, y)
    const bar = top?.closest('.header-private, .exit-bar')
    return {
        name: (host.getAttribute('aria-label') || host.labels?.[0]?.innerText || host.innerText
            || host.name || host.localName || '').trim(),
        tag: host.localName,
        shown: itsOwn || rings.some(each => each && seen(each)),
        covered: Boolean(bar) && !bar.contains(host),
    }
}"""


def tab_to(page: Page, name: str, tag: str = "") -> None:
    """Press Tab until what has this name has focus; every stop on the way must be seen."""
    passed = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here["tag"] == "body":
            continue
        passed.append(here["name"][:40])
        assert here["shown"], f"{page.url}: no focus to be seen on {here}"
        assert not here["covered"], f"{page.url}: {here} is behind a bar"
        if name in here["name"] and tag in ("", here["tag"]):
            return
    pytest.fail(f"{page.url}: {name} is not reached; passed {passed}")


def press(page: Page, name: str, tag: str = "button") -> None:
    """Reach it by Tab, and press Enter."""
    tab_to(page, name, tag)
    page.keyboard.press("Enter")


def go(page: Page, name: str, tag: str = "") -> None:
    tab_to(page, name, tag)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_visitor_needs_no_mouse(person, found_archive):
    page = person(bypass_csp=True)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["name"] == "Skip to the main part"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/stories/")
    go(page, "Listen", "a")
    go(page, "A reading", "a")
    expect(page.get_by_role("heading", name="A reading").first).to_be_visible()
    tab_to(page, "play", "media-play-button")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').currentTime > 0.3")
    tab_to(page, "captions", "media-captions-button")
    showing = "[...document.querySelector('audio').textTracks].some(t => t.mode === 'showing')"
    before = page.evaluate(showing)
    page.keyboard.press("Enter")
    page.wait_for_function(f"({showing}) !== {str(before).lower()}")
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a[href*=\"?t=\"]')"):
            break
    page.keyboard.press("Tab")
    seconds = page.evaluate("Number(document.activeElement.href.split('?t=')[1])")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('audio').currentTime >= {seconds - 1}")
    page.goto(found_archive["written"])
    go(page, "problem with this story", "a")
    assert "/problem/" in page.url
    page.goto("/search/")
    tab_to(page, "Search", "input")
    page.keyboard.type("leisure")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=leisure*")
    tab_to(page, "Show the place", "summary")  # folded, for the story has a content note
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    go(page, "leisure", "a")
    assert "?t=" in page.url
    page.keyboard.press("Tab")
    tab_to(page, "Need to talk to someone?", "a")
    page.keyboard.press("Enter")
    tab_to(page, "116 123", "a")


def test_the_form_needs_no_mouse(person):
    page = person()
    page.goto("/share-your-story/")
    go(page, "Start", "a")
    choose(page, "age")
    choose(page, "how")
    tab_to(page, "title", "input")
    page.keyboard.type("By the keys")
    tab_to(page, "Your story", "textarea")
    page.keyboard.type("No mouse.")
    go(page, "Continue", "button")
    choose(page, "name", presses=2)
    for _ in range(4):
        choose(page, "consent")
    press(page, "Continue")
    page.wait_for_url("**/check/")
    go(page, "Send my story", "button")
    expect(page.locator("#private-code")).to_be_visible()


def choose(page: Page, step: str, presses: int = 0) -> None:
    """Take one of a step's radio buttons: with Space the first, with arrows a later one."""
    page.wait_for_url(f"**/{step}/**")
    here = page.url
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'radio'"):
            break
    page.keyboard.press("Space")
    for _ in range(presses):
        page.keyboard.press("ArrowDown")
    press(page, "Continue")
    page.wait_for_url(lambda url: url != here)
