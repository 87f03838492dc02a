"""Whether a page can still be read when it is narrow, its text large, or its lines far apart.

WCAG 2.2: 1.4.10 (reflow at 320 CSS pixels), 1.4.4 (text at 200 %), 1.4.12 (text spacing).
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

LOSES = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
TWICE = "html { font-size: 200% !important }"
# Each at least what the criterion asks for.
SPREAD = """*:not(svg *) { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
WORDS = """[...document.body.querySelectorAll('*')].filter(each => each.checkVisibility()
    && !each.closest('svg, option')
    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))"""
SIZE = "parseFloat(getComputedStyle(each).fontSize)"
REMEMBER = f"() => {WORDS}.forEach(each => each.was = {SIZE})"
NOT_TWICE = f"""() => {WORDS}.filter(each => {SIZE} < 1.95 * each.was)
    .map(each => each.outerHTML.slice(0, 120))"""


def lost(page: Page) -> list[str]:
    """What is cut off, covered by other words, or only reached by scrolling sideways."""
    before = page.viewport_size or DESK
    page.set_viewport_size(NARROW)
    found = page.evaluate(LOSES, "at 320 pixels")
    found += _styled(page, SPREAD, "spread out at 320 pixels")
    page.set_viewport_size(DESK)
    found += _styled(page, SPREAD, "spread out at 1280 pixels")
    page.evaluate(REMEMBER)
    found += _styled(page, TWICE, "with text at 200 %")
    page.set_viewport_size(before)
    return [f"{page.url}: {each}" for each in found]


def _styled(page: Page, css: str, said: str) -> list[str]:
    style = page.add_style_tag(content=css)
    found = page.evaluate(LOSES, said)
    if css == TWICE:
        found += [f"{said}: not larger: {each}" for each in page.evaluate(NOT_TWICE)]
    style.evaluate("style => style.remove()")
    return found
