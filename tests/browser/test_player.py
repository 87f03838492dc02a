"""The player: listening only, going on where somebody stopped, and a story that is taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from stories.contributions.models import Contribution
from stories.publishing.withdraw import withdraw
from tests import recordings
from tests.browser.spoken import on_the_site
from tests.browser.test_pages import problems
from tests.snapshot import Snapshot

pytestmark = pytest.mark.browser
FILMED = Snapshot("filmed", "MEDIA_STORE_DIR", "KEYS_DIR")
_addresses: list[str] = []


@pytest.fixture
def film(site) -> str:
    """The address of a film of 49 seconds, with words every four seconds of it."""
    if not FILMED.restore():
        recording = recordings.twice(recordings.video("mp4", 5))
        _addresses[:] = [on_the_site("The ferry", recording, [f"Line {at}" for at in range(12)], 4)]
        FILMED.take()
    return _addresses[0]


def wait_until(page: Page, what: str) -> None:
    """Until an expression about `media`, the page's video or sound, is true."""
    page.wait_for_function(f"(media => {what})(document.querySelector('video, audio'))")


def test_play_that_is_pressed_early_is_not_lost(person, film):
    """On a slow line the page is there long before what plays the film in pieces."""
    page = person(bypass_csp=True)
    held: list[Route] = []
    page.route("**/hls.js", lambda route: held.append(route))
    page.goto(film, wait_until="commit")
    page.locator("media-play-button").click()
    wait_until(page, "!media.paused")
    # Fetched ahead, or because it is needed: whichever was asked for.
    while held:
        held.pop().continue_()
        page.wait_for_timeout(100)
    wait_until(page, "media.src.startsWith('blob:') && media.currentTime > 0.3 && !media.paused")


def test_listening_only_goes_on_where_the_film_was(person, film):
    page = person(phone=True, bypass_csp=True)
    page.goto(film)
    page.locator("media-play-button").click()
    wait_until(page, "media.currentTime > 1 && media.videoWidth")
    page.get_by_role("button", name="Listen only").click()
    wait_until(page, "media.src.endsWith('story.mp3') && media.currentTime > 1 && !media.paused")
    expect(page.locator("video")).to_be_hidden()
    expect(page.locator("[data-cover]")).to_be_visible()
    assert problems(page) == []

    page.get_by_role("link", name="Line 5").click()
    expect(page.locator("[data-caption]")).to_have_text("Line 5")
    page.get_by_role("button", name="Show the picture again").click()
    wait_until(page, "media.currentTime > 20.5 && media.videoWidth && !media.paused")
    expect(page.locator("[data-caption]")).to_have_text("Line 5")
    assert page.evaluate("navigator.mediaSession.metadata.title") == "The ferry"
    [cover] = page.evaluate("navigator.mediaSession.metadata.artwork.map(each => each.sizes)")
    assert cover == "512x512"


def test_where_somebody_stopped_is_known_to_their_device_alone(person, film):
    page = person(bypass_csp=True)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page.goto(film)
    page.locator("media-play-button").focus()
    page.keyboard.press("k")
    wait_until(page, "media.currentTime > 0.5")
    page.keyboard.press("l")
    page.keyboard.press(">")
    page.keyboard.press("c")
    wait_until(page, "media.currentTime > 16 && media.playbackRate === 1.25")
    page.keyboard.press("k")
    wait_until(page, "media.paused")

    page.reload()
    offer = page.get_by_role("group", name="Where you stopped")
    expect(offer).to_contain_text("Go on from 0:1")
    page.get_by_text("Keys and settings").click()
    assert problems(page) == []
    offer.get_by_role("button", name="Go on from").press("Enter")
    wait_until(page, "media.currentTime > 16.5 && !media.paused && media.playbackRate === 1.25")
    expect(offer).to_be_hidden()
    expect(page.locator("[data-caption]")).to_be_hidden()
    number = page.locator("[data-player]").get_attribute("data-story") or "?"
    assert not [each for each in sent if number in each or "t=1" in each]

    page.reload()
    offer.get_by_role("button", name="Forget this").click()
    page.reload()
    page.locator("media-play-button").wait_for()
    expect(offer).to_be_hidden()
    page.get_by_text("Keys and settings").click()
    page.get_by_label("Remember where I stopped").uncheck()
    page.get_by_role("link", name="Line 6").click()
    wait_until(page, "media.currentTime > 24.5")
    page.reload()
    expect(page.get_by_label("Remember where I stopped")).not_to_be_checked()
    assert "places" not in page.evaluate("localStorage.player")


def test_a_story_taken_back_while_it_plays_stops_and_says_so(person, film):
    plays, rests = person(bypass_csp=True), person()
    plays.goto(film)
    plays.locator("media-play-button").hover()
    wait_until(plays, "media.buffered.length && media.buffered.end(0) > 3")
    rests.goto(film + "?as=listen")
    rests.locator("media-play-button").click()
    wait_until(rests, "media.currentTime > 0")
    rests.locator("media-play-button").click()
    withdraw(Contribution.objects.get())

    plays.locator("media-play-button").press("Enter")
    rests.evaluate("const then = Date.now; Date.now = () => then() + 120000")
    rests.locator("media-play-button").click()
    for page in (plays, rests):
        expect(page.get_by_text("This story is not here any more.")).to_be_visible()
        expect(page.locator("video, audio, [data-words], .cue")).to_have_count(0)
    assert "not here any more" in plays.evaluate("document.activeElement.textContent")
    assert problems(plays) == []


@pytest.mark.long
def test_without_javascript_a_film_can_be_heard_or_read(person, film):
    page = person(java_script_enabled=False)
    page.goto(film)
    page.get_by_role("link", name="Listen only").click()
    expect(page.locator("audio[controls] source").first).to_have_attribute("type", "audio/mpeg")
    expect(page.locator("video")).to_have_count(0)
    assert "?as=listen&t=8" in (page.get_by_role("link", name="Line 2").get_attribute("href") or "")
    page.get_by_role("link", name="Just read").click()
    expect(page.locator("video, audio")).to_have_count(0)
    expect(page.locator(".spoken")).to_have_count(12)
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", re.compile("^noindex"))
    page.get_by_role("link", name="Watch the film").click()
    expect(page.locator("video[controls]")).to_have_count(1)


@pytest.mark.long
def test_a_film_whose_picture_or_files_are_lost_is_met_kindly(person, film):
    page = person()
    page.route("**/media/*.mp4", lambda route: route.fulfill(status=404))
    page.route("**/media/poster.jpg", lambda route: route.fulfill(status=404))
    page.goto(film)
    expect(page.locator("[data-cover]")).to_be_visible()
    page.locator("media-play-button").click()
    expect(page.locator("[data-problem]")).to_be_visible()
    expect(page.locator(".cue").first).to_be_visible()
