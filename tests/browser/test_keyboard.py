"""By keyboard alone: through the form, from its start to the private link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
STOPS = 90  # more than any of these pages has before what is looked for
# What has focus, through the shadow roots of the player's parts: its name, and whether focus shows.
FOCUSED = """() => {
    let here = document.activeElement
    while (here.shadowRoot?.activeElement) here = here.shadowRoot.activeElement
    const host = here.getRootNode().host ?? here
    const seen = element => {
        const look = getComputedStyle(element)
        return look.outlineStyle !== 'none' || look.boxShadow !== 'none'
    }
    const box = host.getBoundingClientRect()
    const y = box.y + Math.min(box.height, 40) / 2
    const top = document.elementFromPoint(box.x + box.width / 2, y)
    const bar = top?.closest('.header-private, .exit-bar')
    return {
        name: (host.getAttribute('aria-label') || host.innerText || host.labels?.[0]?.innerText
            || host.name || host.localName || '').trim(),
        tag: host.localName,
        shown: [here, host, host.closest('label'), host.nextElementSibling].some(
            each => each && seen(each)),
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


def go(page: Page, name: str, tag: str = "") -> None:
    tab_to(page, name, tag)
    with page.expect_navigation():
        page.keyboard.press("Enter")


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
    tab_to(page, "Continue", "button")
    page.keyboard.press("Enter")
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
    tab_to(page, "Continue", "button")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here)
