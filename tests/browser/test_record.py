"""Recording in the page, with Chromium's own MediaRecorder and its camera and microphone that
show a picture and beep."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Error, Page, expect

from media_pipeline import api as media
from media_pipeline.models import IncomingFile, MediaAsset
from stories.contributions.models import Contribution
from tests import recordings
from tests.browser.test_form import begin
from tests.browser.test_keyboard import press as by_keys
from tests.browser.test_pages import problems
from tests.browser.test_upload import Site, gunicorn, watch
from tests.media_pipeline import kept
from tests.processes import until

__all__ = ["gunicorn"]
pytestmark = pytest.mark.browser
ALLOWED = ["microphone", "camera"]
KIND = "Send a video or sound recording"
HEARD = re.compile("We can hear you|Very loud")  # Chromium's microphone beeps as it likes
KEPT = "indexedDB.databases().then((all) => all.map((one) => one.name))"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def start(page: Page, button: str = "Record sound") -> None:
    press(page, button)
    press(page, "Go on")
    press(page, "Start recording")
    expect(page.get_by_role("heading", name="Recording", exact=True)).to_be_visible()


def recorded(page: Page, seconds: int) -> None:
    """Wait for the clock on the page."""

    def clock() -> int:
        minutes, _, left = page.get_by_role("timer").inner_text().partition(":")
        return int(minutes) * 60 + int(left)

    until(lambda: clock() >= seconds, 30)


def plays(page: Page) -> float:
    """The seconds of what is in the review's player, once it has played a little of it."""
    media = page.get_by_label("Your recording", exact=True)
    expect(media).to_be_visible()
    until(lambda: media.evaluate("(media) => media.duration < 1000"), 20)
    media.evaluate("async (media) => { media.muted = true; await media.play(); }")
    until(lambda: media.evaluate("(media) => media.currentTime > 0.3"), 20)
    return media.evaluate("(media) => { media.pause(); return media.duration; }")


def next_page(page: Page) -> None:
    expect(page.get_by_role("heading", name=re.compile("else"))).to_be_visible(timeout=60_000)


def asset_of(kind: str) -> MediaAsset:
    """What the intake made of it; nothing of it waits anywhere else."""
    upload = Contribution.objects.get().upload
    assert upload.kind == kind
    assert not IncomingFile.objects.exists()
    return MediaAsset.objects.get(pk=upload.asset_id)


def test_sound_is_recorded_heard_and_sent_by_keyboard(person):
    page = person(phone=True, permissions=ALLOWED, bypass_csp=True)
    begin(page, KIND)
    found = problems(page)
    page.get_by_label("No", exact=True).check()
    by_keys(page, "Record sound")
    expect(page.get_by_text("Please choose Allow.")).to_be_visible()
    expect(page.get_by_text("use your microphone.")).to_be_visible()
    found += problems(page)
    by_keys(page, "Go on")
    expect(page.get_by_text(HEARD)).to_be_visible()
    found += problems(page)
    by_keys(page, "Start recording")
    recorded(page, 2)
    found += problems(page)
    by_keys(page, "Pause")
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    # It is on its way while it is being made.
    until(lambda: IncomingFile.objects.filter(growing=True, offset__gt=1000).exists())
    assert page.evaluate(KEPT) == ["recordings"]
    found += problems(page)
    by_keys(page, "Go on recording")
    recorded(page, 4)
    by_keys(page, "Stop")
    assert 3.5 < plays(page) < 30
    found += problems(page)
    by_keys(page, "Use this")
    next_page(page)
    asset = asset_of("audio")
    assert (asset.has_picture, asset.has_sound, asset.container) == (False, True, "webm")
    assert 3.5 < asset.seconds < 30
    # A telephone may die in the middle of anything: what came before it is a recording.
    with media.open_original(asset.id) as file:
        whole = file.read()
    owner = Contribution.objects.get().contributor_key
    cut = media.receive(ContentFile(whole[: len(whole) * 3 // 5 + 1], name="x"), owner=owner)
    assert 1.5 < cut.seconds < asset.seconds - 1
    media.erase(cut.id)
    assert page.evaluate(KEPT) == []
    assert found == []


@pytest.mark.long
def test_a_film_is_about_as_large_as_an_old_television_s(person):
    page = person(permissions=ALLOWED)
    begin(page, KIND)
    start(page, "Film yourself")
    recorded(page, 3)
    shown = page.get_by_label("What your camera sees").evaluate("(video) => video.videoHeight")
    assert 360 <= shown <= 480
    press(page, "Stop")
    assert plays(page) > 2
    press(page, "Use this")
    expect(page.get_by_role("heading", name="Your recording is ready")).to_be_visible()
    press(page, "Continue")
    # The question was not answered: the film is kept, and only that is asked again.
    expect(page.get_by_text("We have your video.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Record sound")).to_be_visible()
    until(lambda: page.evaluate(KEPT) == [], 20)
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")
    next_page(page)
    asset = asset_of("video")
    assert asset.has_picture
    assert asset.has_sound
    assert 2 < asset.seconds < 30


def test_a_tab_that_is_killed_has_lost_a_second_at_most(person):
    page = person(permissions=ALLOWED, bypass_csp=True)
    begin(page, KIND)
    start(page)
    recorded(page, 4)
    context = page.context
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    again = context.new_page()
    again.goto("/share-your-story/recording/")
    expect(again.get_by_text(re.compile(r"You recorded \d+ seconds"))).to_be_visible()
    assert plays(again) >= 2.5
    assert problems(again) == []
    until(lambda: IncomingFile.objects.get().offset > 10_000)
    mine = context.cookies()
    # Somebody else at the same telephone sees nothing of it.
    context.clear_cookies()
    begin(again, KIND)
    expect(again.get_by_role("button", name="Record sound")).to_be_visible()
    expect(again.get_by_text("You recorded")).to_be_hidden()
    context.clear_cookies()
    context.add_cookies(mine)
    again.goto("/share-your-story/recording/")
    press(again, "Use this")
    again.get_by_label("No", exact=True).check()
    press(again, "Continue")
    next_page(again)
    upload = Contribution.objects.get(uploads__isnull=False).upload
    assert 2.5 < upload.seconds < 30
    assert not IncomingFile.objects.exists()
    assert again.evaluate(KEPT) == []


def test_what_arrived_from_a_device_that_is_lost_can_be_used(person):
    page = person(permissions=ALLOWED)
    begin(page, KIND)
    start(page)
    recorded(page, 3)
    press(page, "Pause")
    until(lambda: IncomingFile.objects.filter(offset__gt=10_000).exists())
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    again = page.context.new_page()
    again.goto("/share-your-story/")
    again.evaluate("indexedDB.deleteDatabase('recordings')")
    again.goto("/share-your-story/recording/")
    expect(again.get_by_text("of a recording that you began on this page")).to_be_visible()
    came = IncomingFile.objects.get().offset
    press(again, "Use this part")
    expect(again.get_by_text("It is ready. Press Continue")).to_be_visible()
    again.get_by_label("No", exact=True).check()
    press(again, "Continue")
    next_page(again)
    asset = asset_of("audio")
    assert asset.bytes == came
    assert asset.seconds > 1.5


@pytest.mark.long
def test_a_server_that_is_killed_while_somebody_records(person, gunicorn: Site):
    page = person(base_url_of=f"http://127.0.0.1:{gunicorn.port}", permissions=ALLOWED)
    page.set_default_timeout(60_000)  # a server that starts takes its time
    begin(page, KIND)
    page.get_by_label("No", exact=True).check()
    patches = watch(page)
    start(page)
    recorded(page, 3)
    press(page, "Pause")
    until(lambda: IncomingFile.objects.filter(offset__gt=5_000).exists())
    there = IncomingFile.objects.get().offset
    gunicorn.kill()
    press(page, "Go on recording")
    recorded(page, 5)
    press(page, "Stop")
    assert plays(page) > 4
    press(page, "Use this")
    expect(page.get_by_text("Waiting for the connection")).to_be_visible(timeout=30_000)
    gunicorn.start()
    next_page(page)
    assert patches[-1] >= there, "it began again from the start"
    assert asset_of("audio").seconds > 4


def test_no_permission_no_device_and_a_way_on(person):
    page = person(phone=True, bypass_csp=True)
    begin(page, KIND)
    press(page, "Record sound")
    press(page, "Go on")
    said = page.get_by_role("alert").filter(has_text="did not let this page use the microphone")
    expect(said).to_contain_text("choose Allow for the microphone")
    assert problems(page) == []
    for name, words in (("NotFoundError", "found no microphone"), ("NotReadableError", "a call")):
        page.evaluate(
            "(name) => { navigator.mediaDevices.getUserMedia = "
            "async () => { throw new DOMException('', name); }; }",
            name,
        )
        press(page, "Go on")
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    press(page, "Not now")
    page.get_by_label("No", exact=True).check()
    page.locator("#file").set_input_files(recordings.sound("ogg", 1))
    press(page, "Continue")
    next_page(page)


def test_recording_again_asks_first_and_leaves_nothing_of_the_old(person):
    page = person(permissions=ALLOWED)
    begin(page, KIND)
    start(page)
    recorded(page, 2)
    press(page, "Stop")
    press(page, "Record again")
    expect(page.get_by_text("Recording again throws this one away")).to_be_visible()
    press(page, "Keep this one")
    assert plays(page) > 1
    until(lambda: IncomingFile.objects.filter(offset__gt=1_000).exists())
    press(page, "Record again")
    press(page, "Yes, record again")
    expect(page.get_by_role("button", name="Start recording")).to_be_visible()
    until(lambda: not IncomingFile.objects.exists())
    assert kept.everywhere() == []
    assert page.evaluate(KEPT) == []


def test_whoever_can_t_record_here_chooses_a_file(person, tmp_path: Path):
    page = person()
    page.add_init_script("delete window.MediaRecorder")
    begin(page, KIND)
    expect(page.get_by_role("button", name="Record sound")).to_be_hidden()
    expect(page.locator("#file")).to_be_visible()
    policy = page.request.get("/share-your-story/recording/").headers["permissions-policy"]
    assert policy == "camera=(self), microphone=(self)"
    assert "camera=()" in page.request.get("/").headers["permissions-policy"]
