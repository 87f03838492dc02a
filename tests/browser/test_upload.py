"""A long recording over a bad connection, with the real tus-js-client in a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from media_pipeline.models import IncomingFile
from stories.contributions.models import Contribution
from tests import recordings
from tests.browser.test_form import begin
from tests.delivery.conftest import free_port
from tests.faults import door_to
from tests.processes import ROOT, environment, until

pytestmark = pytest.mark.browser
SLOW = 1_500_000  # bytes a second


@pytest.fixture(scope="module")
def long() -> Path:
    path = recordings.ROOM / "my name and town.wav"
    recordings.run("-f", "lavfi", "-i", "sine", "-ar", "48000", "-ac", "2", "-t", "60", path)
    return path


def slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW}
    session.send("Network.emulateNetworkConditions", limits)


def watch(page: Page) -> list[int]:
    """Where each PATCH begins."""
    seen: list[int] = []

    def note(request) -> None:
        if request.method == "PATCH":
            seen.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return seen


def choose(page: Page, path: Path) -> None:
    page.get_by_label("No", exact=True).check()
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="Continue").click()


def some_arrived() -> bool:
    row = IncomingFile.objects.first()
    return row is not None and row.offset > 1_000_000


def wait_for_some(page: Page) -> None:
    for _ in range(120):
        if some_arrived():
            return
        page.wait_for_timeout(250)
    raise AssertionError("nothing arrived")


def is_there(page: Page, path: Path) -> None:
    heading = page.get_by_role("heading", name=re.compile("else"))
    expect(heading).to_be_visible(timeout=60_000)
    upload = Contribution.objects.get().upload
    assert upload.size == path.stat().st_size
    assert not IncomingFile.objects.exists()


def test_a_connection_that_breaks_costs_nothing(person, live_server, long):
    with door_to(live_server.url) as door:
        page = person(base_url_of=door.address)
        begin(page, "Send a video or sound recording")
        slow(page)
        patches = watch(page)
        choose(page, long)
        wait_for_some(page)
        door.shut()
        expect(page.get_by_text("Waiting for the connection")).to_be_visible(timeout=30_000)
        door.open()
        is_there(page, long)
    assert patches[0] == 0
    assert patches[-1] > 1_000_000, "it began again from the start"


def test_a_killed_tab_goes_on_when_the_same_file_is_chosen(person, live_server, long):
    with door_to(live_server.url) as door:
        page = person(base_url_of=door.address)
        begin(page, "Send a video or sound recording")
        slow(page)
        choose(page, long)
        wait_for_some(page)
        kept = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"
        assert page.evaluate(kept) == 0
        door.shut()  # a closed page is slowed down no more: the rest of it could still slip through
        context = page.context
        page.close()
        door.open()
        again = context.new_page()
        again.goto("/share-your-story/recording/")
        expect(again.get_by_text(re.compile(r"We have .* of your file"))).to_be_visible()
        patches = watch(again)
        choose(again, long)
        is_there(again, long)
    assert patches[0] > 1_000_000


def test_it_can_be_paused_and_gone_on_with_and_stopped(person, long):
    page = person(phone=True)
    begin(page, "Send a video or sound recording")
    slow(page)
    choose(page, long)
    expect(page.get_by_text("Your file has 12 MB.")).to_be_visible()
    wait_for_some(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. What has arrived is safe.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(re.compile(r"\d+%, .* of 12 MB"))).to_be_visible()
    page.get_by_role("button", name="Stop sending").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    for _ in range(40):
        if not IncomingFile.objects.exists():
            return
        page.wait_for_timeout(250)
    raise AssertionError("what had arrived was not thrown away")


class Site:
    """The site served by gunicorn, that can be killed and started again at its port."""

    def __init__(self, log: Path) -> None:
        self.port, self.log = free_port(), log
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "archive.wsgi", "--workers", "1"]
        self.process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{self.port}"],
            cwd=ROOT,
            env=environment(),
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until(lambda: "Booting worker" in self.log.read_text())

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.write_text("")


@pytest.fixture
def gunicorn(site, tmp_path) -> Iterator[Site]:
    server = Site(tmp_path / "gunicorn.log")
    yield server
    server.kill()


def test_a_server_that_is_killed_and_comes_back(person, gunicorn, long):
    page = person(base_url_of=f"http://127.0.0.1:{gunicorn.port}")
    begin(page, "Send a video or sound recording")
    slow(page)
    patches = watch(page)
    choose(page, long)
    wait_for_some(page)
    gunicorn.kill()
    expect(page.get_by_text("Waiting for the connection")).to_be_visible(timeout=30_000)
    gunicorn.start()
    is_there(page, long)
    assert patches[-1] > 1_000_000, "it began again from the start"
