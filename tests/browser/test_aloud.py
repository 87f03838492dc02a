"""A voice of the visitor's own device reads what is long and only written.

Chromium without a window has no voices, so these are made up, and what they are to say is kept.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from archive.pages.recovery import RecoveryPage, SectionPage
from stories.pages.models import StoryPage
from tests.browser.test_pages import problems
from tests.people import Contributor, Moderator, work

pytestmark = pytest.mark.browser
VOICES = """
window.heard = [];
window.voices = %s;
let talking = null;
class Said extends EventTarget { constructor(text) { super(); this.text = text; } }
window.SpeechSynthesisUtterance = Said;
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => voices,
  speak(said) { talking = said; heard.push([said.voice.name, said.text]); },
  cancel() { const said = talking; talking = null; said?.dispatchEvent(new Event("error")); },
}) });
window.sayOn = () => {
  const said = talking;
  talking = null;
  said.dispatchEvent(new Event("end"));
};
window.isTalking = () => talking !== null;
"""
HERE = '{ name: "Mairi", lang: "en-GB", localService: true }'
THERE = '{ name: "Cloud", lang: "en-GB", localService: false }'
POLISH = '{ name: "Ola", lang: "pl-PL", localService: true }'


@pytest.fixture
def story(site) -> str:
    """Five paragraphs, the third about a suicide attempt."""
    paragraphs = [f"Part {number} begins. " + "And so on. " * 50 for number in range(1, 6)]
    Contributor().tell("A long one", "\n\n".join(paragraphs))
    moderator = Moderator.appointed()
    notes = {"content_notes": ["suicide-attempt"], "where_suicide-attempt": "3"}
    moderator.approve(moderator.waiting()[0], **notes)
    work()
    return StoryPage.objects.get().url


def arrive(person, address: str, *voices: str) -> Page:
    page = person(bypass_csp=True)
    page.add_init_script(VOICES % f"[{', '.join(voices)}]")
    page.goto(address)
    return page


def heard(page: Page) -> list[list[str]]:
    return page.evaluate("heard")


def test_a_story_is_read_by_a_voice_of_the_device_alone(person, story):
    page = arrive(person, story, THERE, POLISH, HERE)
    play = page.get_by_role("button", name="Listen", exact=True)
    stop, skip = (page.get_by_role("button", name=name) for name in ("Stop", "Skip this part"))
    expect(stop).to_be_hidden()
    play.click()
    assert heard(page) == [["Mairi", "Part 1 begins."]]
    expect(page.locator("#p1")).to_have_attribute("aria-current", "true")
    assert problems(page) == []
    page.evaluate("sayOn()")
    page.get_by_role("button", name="Pause").click()
    assert not page.evaluate("isTalking()")
    page.get_by_role("button", name="Go on").click()
    assert [words for _, words in heard(page)][1:] == ["And so on.", "And so on."]
    # It waits before what a note is about, and doesn't read it unasked.
    while page.evaluate("isTalking()"):
        page.evaluate("sayOn()")
    expect(page.get_by_text("The next part: Paragraph 3: a suicide attempt.")).to_be_visible()
    assert not any("Part 3" in words for _, words in heard(page))
    skip.click()
    assert heard(page)[-1][1] == "Part 4 begins."
    expect(page.locator("#p4")).to_have_attribute("aria-current", "true")
    expect(page.locator("[aria-current=true]:is(p)")).to_have_count(1)
    page.keyboard.press("Escape")
    assert not page.evaluate("isTalking()")
    expect(stop).to_be_hidden()
    expect(page.locator("#p4")).not_to_have_attribute("aria-current", "true")
    play.click()
    assert heard(page)[-1][1] == "Part 1 begins."
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert not page.evaluate("isTalking()")


def test_there_is_no_button_without_a_voice_on_the_device(person, story):
    page = arrive(person, story, THERE, POLISH)
    expect(page.locator("[data-aloud]")).to_be_hidden()
    # Some browsers know their voices later.
    page.evaluate(f"voices.push({HERE}); speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(page.get_by_role("button", name="Listen", exact=True)).to_be_visible()


@pytest.mark.long
def test_a_section_is_read_but_for_what_no_voice_here_can_say(person, site):
    blocks = [
        ("text", "<h2>First</h2><p>Begin.</p><ul><li>One<ul><li>Two</li></ul></li></ul>"),
        ("quote", {"words": "شاي مع أمي", "who": "Layla", "language": "ar"}),
        ("text", {"words": f"<p>Last. {'And so on. ' * 60}</p>", "language": ""}),
    ]
    body = json.dumps([{"type": type_, "value": value} for type_, value in blocks])
    page_made = RecoveryPage.objects.get().add_child(
        instance=SectionPage(title="Self-manage", introduction="Small.", body=body)
    )
    page = arrive(person, page_made.url, HERE)
    page.get_by_role("button", name="Listen", exact=True).click()
    for _ in range(4):
        page.evaluate("sayOn()")
    said = [words for _, words in heard(page)]
    assert said == ["First", "Begin.", "One Two", "Last.", "And so on."]
    assert problems(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".blocks [aria-current]")).to_have_count(0)
