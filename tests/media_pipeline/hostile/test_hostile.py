"""Hostile files: each is refused in words or made safe, reads nothing else, and asks nobody.

The walls around ffmpeg are off: what stands before them has to hold alone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from django.conf import settings

from media_pipeline import api, ffmpeg, tasks
from media_pipeline.models import MediaAsset
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import receive
from tests.media_pipeline.hostile.build import film
from tests.media_pipeline.hostile.files import GROUPS, SCRIPTS, SLOW

ALL = [
    pytest.param(group, name, id=f"{group}: {name}", marks=[pytest.mark.long] * (name in SLOW))
    for group, files in GROUPS.items()
    for name in files
]
# Of those that may be taken, these become everything that is made of a recording.
MADE_SAFE = [
    ("references", "mov with an alias to another file"),
    ("polyglots", "wav with a page in its notes"),
    ("polyglots", "mkv that holds a program"),
]
PROCESSOR_SECONDS = 30  # of all that is run to look at one file
MEMORY_BYTES = 2**29
IN_OPEN = 0x20  # inotify(7)


class Canary:
    """A film that nobody may open, and a port to which nobody may come."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "canary.mp4"
        self.path.write_bytes(film())
        libc = ctypes.CDLL(None, use_errno=True)
        self.watch = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self.watch, os.fsencode(self.path), IN_OPEN) >= 0
        self.came: list[object] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            self.came.append(link)
            link.close()

    def was_opened(self) -> bool:
        try:
            return bool(os.read(self.watch, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self.watch)
        self.server.close()


@pytest.fixture
def canary(tmp_path):
    one = Canary(tmp_path)
    yield one
    one.close()


@pytest.fixture
def used(monkeypatch):
    """What each process that ended had used, as the kernel counted it."""
    found: list[resource.struct_rusage] = []

    def wait(pid: int, options: int):
        ended, status, usage = os.wait4(pid, options)
        if ended:
            found.append(usage)
        return ended, status

    monkeypatch.setattr(os, "waitpid", wait)
    return found


@pytest.fixture(autouse=True)
def _without_walls(settings):
    settings.MEDIA_SANDBOX = "off"


def _most_memory() -> int:
    """Bytes that this process had at most: a child begins with what its parent has."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _hostile(group: str, name: str, canary: Canary, folder: Path) -> Path:
    path = folder / "hostile"
    path.write_bytes(GROUPS[group][name][1](str(canary.path), canary.port))
    return path


def _taken_or_refused(path: Path) -> tuple[api.AssetInfo | None, str, str]:
    try:
        return receive(path, "story.mp4"), "taken", ""
    except api.UnreadableMedia as refused:
        return None, refused.code, refused.sentence


@pytest.mark.parametrize(("group", "name"), ALL)
def test_it_is_refused_in_words_or_taken(group, name, canary, used, tmp_path, db):
    may = GROUPS[group][name][0]
    path = _hostile(group, name, canary, tmp_path)
    canary.was_opened()  # by ourselves
    before = _most_memory()
    found, came, said = _taken_or_refused(path)
    if found:
        api.erase(found.id)
    else:
        assert said.endswith(".")
        assert str(canary.path) not in said
        assert kept.everywhere() == []
        assert not MediaAsset.objects.exists()
    assert came in may
    assert not canary.came, "it asked somebody on the network"
    assert not canary.was_opened(), "it read another file"
    assert sum(one.ru_utime + one.ru_stime for one in used) < PROCESSOR_SECONDS
    assert all(one.ru_maxrss * 1024 < before + MEMORY_BYTES for one in used)
    if found:
        assert 0 < found.seconds <= settings.MEDIA_MAX_SECONDS


def _made_of(group: str, name: str, canary: Canary, folder: Path) -> None:
    asset = receive(_hostile(group, name, canary, folder), "story.mp4")
    canary.was_opened()
    api.start(asset.id, transcribe=False)
    tasks.run_asset.call(str(asset.id))
    progress = api.progress(asset.id)
    if progress.state != "done":  # refused by a stage, in words, and not tried for ever
        assert progress.state == "failed", progress
        assert progress.problem.endswith(".")
    for made, about in api.renditions(asset.id).items():
        if about.content_type.startswith(("video/", "audio/")):
            with api.open_rendition(asset.id, made) as file:
                content = file.read()
            assert b"SAID BY A STRANGER" not in content
            assert b"127.0.0.1" not in content
            (folder / made).write_bytes(content)
            assert recordings.plays(folder / made) == pytest.approx(asset.seconds, abs=0.5)
    assert not canary.came
    assert not canary.was_opened()
    api.erase(asset.id)
    assert api.remnants(asset.id) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("group", "name"), MADE_SAFE, ids=[name for _, name in MADE_SAFE])
def test_what_is_made_of_it_holds_nothing_of_it(group, name, canary, tmp_path):
    _made_of(group, name, canary, tmp_path)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_is_made_of_all_that_may_be_taken(canary, tmp_path):
    for group, files in GROUPS.items():
        for name, (may, _) in files.items():
            if "taken" in may:
                try:
                    _made_of(group, name, canary, tmp_path)
                except api.UnreadableMedia:
                    continue


@pytest.mark.parametrize("which", ["hls that asks a server", "hls that reads a file"])
def test_without_the_whitelists_it_would_have_worked(which, canary, tmp_path):
    """That nobody came and nothing was read proves something only if it could have been."""
    path = tmp_path / "hostile.m3u8"
    path.write_bytes(SCRIPTS[which][1](str(canary.path), canary.port))
    canary.was_opened()
    loose = ["-protocol_whitelist", "file,http,tcp", "-allowed_extensions", "ALL"]
    subprocess.run(["ffprobe", "-v", "quiet", *loose, str(path)], timeout=60)
    assert canary.came or canary.was_opened()


@pytest.mark.parametrize(
    ("which", "besides"), [("hls that reads a file", ""), ("hls that asks a server", "hls,")]
)
def test_each_whitelist_holds_alone(which, besides, canary, tmp_path, monkeypatch):
    """That of containers against files, which the other lets through; and the other for itself."""
    monkeypatch.setitem(ffmpeg.GUARDED_INPUT, "format_whitelist", besides + ffmpeg.DEMUXERS)
    path = tmp_path / "hostile.m3u8"
    path.write_bytes(SCRIPTS[which][1](str(canary.path), canary.port))
    canary.was_opened()
    argv = ["ffmpeg", *ffmpeg.input_flags(), "-i", str(path), "-f", "null", "-"]
    with pytest.raises(ffmpeg.FfmpegFailed):
        ffmpeg.run(argv, folder=tmp_path, deadline=20)
    assert not canary.came
    assert not canary.was_opened()


NAMES = [
    "../../../etc/cron.d/x.mp4",
    "-i.mp4",
    "-f lavfi.mp4",
    "story\n.mp4",
    "yrots\u202e4pm.exe",
    "\N{SMILING FACE WITH OPEN MOUTH}.mp4",
    "file:///etc/passwd",
    "concat:a|b.mp4",
    "%d.mp4",
    "a" * 300 + ".mp4",
    "x." + "a" * 300,
    "$(touch x).mp4",
    "con.mp4",
    " ",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_decides_nothing_and_is_kept_nowhere(name, tmp_path, db):
    path = tmp_path / "sound"
    path.write_bytes(recordings.make("mp3", 1, options=("-t", "2")).read_bytes())
    found = receive(path, name)
    asset = MediaAsset.objects.get(pk=found.id)
    assert kept.everywhere() == [f"originals/{asset.original}"]
    assert len(asset.original) == len(f"{asset.id}/") + 32
    api.erase(found.id)


def test_a_file_that_is_larger_than_it_may_become_ends_its_command(tmp_path, monkeypatch):
    """The limits are real: what ffprobe may write here is less than it wants to."""
    monkeypatch.setattr(ffmpeg, "PROBE", ffmpeg.Limits(20, file_bytes=500))
    with pytest.raises(ffmpeg.FfmpegFailed, match="wrote too much"):
        ffmpeg.probe(recordings.sound("mp3", 1))
    monkeypatch.setattr(ffmpeg, "PROBE", ffmpeg.Limits(20, memory_bytes=30 * 2**20))
    with pytest.raises(ffmpeg.FfmpegFailed):
        ffmpeg.probe(recordings.sound("mp3", 1))
