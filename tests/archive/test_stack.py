"""`make stack` and `make stack-stop`: all comes up, and exactly what was started ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from archive.settings.environment import ROOT
from archive.stack import running, site
from archive.stack.places import Home
from archive.stack.server import CannotStart, Server, answers, began_at


@pytest.fixture
def home(tmp_path) -> Iterator[Home]:
    home = Home("tests")
    home.path = tmp_path
    yield home
    running.stop(home)


def sleeper(home: Home, name: str) -> Server:
    return Server(name, home, ["sleep", "60"], lambda: True)


def lives(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def test_a_part_is_started_once(home):
    part = sleeper(home, "one")
    assert running.start([part]) == ["one"]
    first = part.pid()
    assert running.start([part]) == []
    assert sleeper(home, "one").pid() == first  # known to the next command too


def test_only_what_was_started_is_ended(home):
    stranger = subprocess.Popen(["sleep", "60"])
    running.start([sleeper(home, "one"), sleeper(home, "two")])
    # A note of a process that is gone, whose number somebody else has now.
    note = home.folder("running", "gone.json")
    note.write_text(json.dumps({"pid": stranger.pid, "born": "1", "end": signal.SIGTERM}))
    pids = [part.pid() for part in running.started(home) if part.pid()]
    assert len(pids) == 2
    assert sorted(running.stop(home)) == ["one", "two"]
    assert not any(lives(pid) for pid in pids)
    assert lives(stranger.pid)
    stranger.kill()
    stranger.wait()
    assert running.started(home) == []


def test_what_works_on_the_servers_ends_before_them(home):
    for name in ("postgresql", "web"):
        running.start([sleeper(home, name)])
    assert running.stop(home) == ["web", "postgresql"]


def test_nothing_is_thrown_away_below_what_runs(home):
    running.start([sleeper(home, "one")])
    with pytest.raises(RuntimeError):
        home.throw_away()
    assert running.stop(home) == ["one"]
    home.link = home.path / "link"
    home.throw_away()
    assert not home.path.exists()


def test_each_is_ended_by_its_own_signal(home):
    # As PostgreSQL: at SIGTERM it would wait for whoever is connected.
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
    part = Server("deaf", home, [sys.executable, "-c", script], lambda: True, end=signal.SIGINT)
    running.start([part])
    time.sleep(0.5)
    began = time.monotonic()
    running.stop(home)
    assert part.pid() is None
    assert time.monotonic() - began < 10


def test_a_part_that_ends_shows_its_last_words(home):
    part = Server("poor", home, ["sh", "-c", "echo no room left; exit 3"], lambda: False)
    with pytest.raises(CannotStart) as said:
        running.start([part])
    assert "poor ended by itself" in str(said.value)
    assert "no room left" in str(said.value)
    assert str(part.log) in str(said.value)


def test_a_taken_port_is_said_before_anything_starts(home):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"make stack PORT={port + 1}"):
            site._look_before(home, port)


def test_a_full_disk_is_said_before_anything_starts(home, monkeypatch):
    monkeypatch.setattr(site, "FLOOR_BYTES", 10**18)
    with pytest.raises(CannotStart, match="Make room"):
        site._look_before(home, 1)


def stack(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "archive.stack", *words, "--home", "stack-try"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500)


def page(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=30) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.stack
def test_the_whole_stack_serves_and_goes():
    port = free_port()
    try:
        up = stack("up", "--port", str(port))
        assert up.returncode == 0, up.stderr + up.stdout
        for part in ("postgresql", "redis", "elasticsearch", "s3", "web", "light", "media", "beat"):
            assert f"  {part} " in up.stdout
        assert re.search(r"as admin, password \S{8,}", up.stdout)

        status, html = page(port, "/")
        assert status == 200
        style = re.search(r'/static/[^"]+\.css', html)
        assert style
        assert page(port, style[0])[0] == 200
        assert page(port, "/share-your-story/")[0] == 200

        again = stack("up", "--port", str(port))
        assert again.returncode == 0
        assert "runs already" in again.stdout
        moved = stack("up", "--port", str(port + 1))
        assert moved.returncode == 1
        assert f"at port {port}" in moved.stderr

        home = Home("stack-try")
        pids = [part.pid() for part in running.started(home)]
        assert len(pids) == 9
        assert all(pids)
        assert stack("down").returncode == 0
        assert not any(began_at(pid) for pid in pids if pid)
        assert not answers(port)
    finally:
        stack("down", "--throw-away")
    assert not Home("stack-try").path.exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
