"""What went wrong is said in words, from real ffmpegs that met it."""

from __future__ import annotations

import errno
import os
import signal
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from media_pipeline import api, ffmpeg, storage, tasks, troubles
from media_pipeline.models import MediaJob
from tests import recordings
from tests.media_pipeline.conftest import receive
from tests.processes import until


def reason_of(folder: Path, *words: str, **options) -> str:
    with pytest.raises(ffmpeg.FfmpegFailed) as failed:
        ffmpeg.run(["ffmpeg", *words], folder=folder, deadline=60, **options)
    return troubles.reason(failed.value)


@pytest.fixture
def film() -> str:
    return str(recordings.video("mp4", 3, size="1280x720", rate=30))


def test_a_full_disk(tmp_path, film, settings):
    settings.MEDIA_SANDBOX = "off"  # walls hide the device that is always full
    (tmp_path / "out.wav").symlink_to("/dev/full")
    assert reason_of(tmp_path, "-i", film, "out.wav") == troubles.DISK
    assert troubles.reason(OSError(errno.ENOSPC, "x")) == troubles.DISK


def test_too_little_memory(tmp_path, film, monkeypatch):
    monkeypatch.setattr(ffmpeg, "Limits", partial(ffmpeg.Limits, memory_bytes=900 * 2**20))
    said = reason_of(tmp_path, "-i", film, "-vf", "scale=7680:4320", "-threads", "8", "out.mp4")
    assert said == troubles.MEMORY


def test_killed_from_outside(tmp_path, film):
    def kill() -> None:
        until((tmp_path / "out.mp4").exists)
        for pid in recordings.processes_in(tmp_path):
            with suppress(ProcessLookupError):  # it went with the one before
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    slow = ("-readrate", "0.05", "-i", film, "out.mp4")
    assert reason_of(tmp_path, *slow) == troubles.KILLED.format("ffmpeg")
    killer.join()


def test_grown_beyond_the_limit(tmp_path, film, monkeypatch):
    monkeypatch.setattr(ffmpeg, "Limits", partial(ffmpeg.Limits, file_bytes=10_000))
    said = reason_of(tmp_path, "-i", film, "-f", "rawvideo", "out.raw")
    assert said == troubles.TOO_LARGE


def test_one_that_does_not_move_any_more(tmp_path, film):
    said = reason_of(tmp_path, "-readrate", "0.001", "-i", film, "out.mp4", stall=1)
    assert said == "ffmpeg stopped moving."


def test_of_anything_else_only_its_kind_is_said():
    assert troubles.reason(KeyError("a contributor's words")) == "KeyError."


@pytest.mark.django_db(transaction=True)
def test_work_that_is_stopped_ends_within_seconds_and_can_go_on(monkeypatch):
    """This ffmpeg would go on for a minute, and is waited for 20 seconds at most."""
    asset = receive(recordings.video("mp4", 3))
    api.start(asset.id, transcribe=False)
    room = storage.scratch(asset.id)
    real = ffmpeg.run

    def crawling(argv, **options):
        return real([argv[0], "-readrate", "0.05", *argv[1:]], **options)

    monkeypatch.setattr(ffmpeg, "run", crawling)
    worker = threading.Thread(target=lambda: tasks.run_asset.call(str(asset.id)))
    worker.start()
    until(lambda: recordings.processes_in(room))
    assert api.stop(asset.id)
    until(lambda: not recordings.processes_in(room), patience=20)
    worker.join(10)
    assert not worker.is_alive()
    assert api.in_trouble() == [asset.id]
    assert api.at_work() == []
    assert api.progress(asset.id).state == "failed"
    assert not api.stop(asset.id), "there is nothing to stop any more"
    monkeypatch.undo()
    assert api.retry(asset.id)
    assert api.at_work() == [asset.id]
    tasks.run_asset.call(str(asset.id))
    assert api.progress(asset.id).state == "done"
    assert set(MediaJob.objects.filter(asset_id=asset.id).values_list("problem")) == {("",)}
    assert not api.retry(asset.id)
    api.erase(asset.id)
