"""Nothing is lost when a worker dies, and nothing is left when a recording is erased."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from media_pipeline import api, ffmpeg, graph, lease, runner, storage, tasks
from media_pipeline.errors import UnreadableMedia
from media_pipeline.models import MediaJob
from media_pipeline.stages import STAGES
from tests import recordings
from tests.media_pipeline.conftest import receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow():
    """A film that takes some seconds to transcode; erased afterwards."""
    asset = receive(recordings.video("mp4", 5, size="640x360", rate=30))
    api.start(asset.id, transcribe=False)
    yield asset
    api.erase(asset.id)


@pytest.fixture
def short():
    asset = receive(recordings.sound("mp3", 1))
    api.start(asset.id, transcribe=False)
    yield asset
    api.erase(asset.id)


def _until(truth, patience: float = 40) -> None:
    ends = time.monotonic() + patience
    while not truth():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def _transcoding(asset_id: uuid.UUID) -> bool:
    """Whether ffmpeg is writing the picture at this moment."""
    return any(path.stat().st_size for path in storage.scratch(asset_id).glob("*/240p.mp4"))


def _worker(asset) -> subprocess.Popen:
    """A process of its own on this test's database and stores."""
    given = {
        "database": str(connection.settings_dict["NAME"]),
        "stores": {
            name: {key: str(options[key]) for key in ("location", "bucket_name") if key in options}
            for name in ("originals", "renditions", "incoming")
            if (options := settings.STORAGES[name]["OPTIONS"])
        },
        "work": str(settings.MEDIA_WORK_DIR),
        "keys": str(settings.KEYS_DIR),
        "lease": settings.MEDIA_LEASE_SECONDS,
        "id": str(asset.id),
    }
    command = [sys.executable, "-m", "tests.media_pipeline.worker", json.dumps(given)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


def _job(asset, stage: str) -> MediaJob:
    return MediaJob.objects.get(asset_id=asset.id, stage=stage)


def test_a_worker_killed_in_mid_transcode_loses_nothing(slow, tmp_path):
    worker = _worker(slow)
    try:
        _until(lambda: _transcoding(slow.id) or worker.poll() is not None)
        assert worker.poll() is None, "the worker ended before it could be killed"
        assert api.ring_all() == 0, "it is being worked on"
    finally:
        worker.kill()
        worker.wait()
    room = storage.scratch(slow.id)
    _until(lambda: not recordings.processes_in(room))  # the kernel ends ffmpeg with its worker
    held = _job(slow, "transcode")
    assert held.state == "running"
    left_behind = room / str(held.lease_token)
    assert list(left_behind.glob("sent-*")), "the recording in plain"
    assert api.sweep_work() == 0, "its lease has not run out"
    assert not runner.run_next(slow.id), "the lease has not run out yet"
    _until(lambda: api.ring_all() == 1)
    MediaJob.objects.update(lease_expires=timezone.now() - datetime.timedelta(minutes=5))
    assert api.sweep_work() == 1
    assert not room.exists()
    tasks.run_asset.call(str(slow.id))
    assert api.progress(slow.id).state == "done"
    assert _job(slow, "transcode").attempt == 2
    assert not room.exists()
    kept = set(storage.listing(storage.renditions(), slow.id))
    rows = MediaJob.objects.get(asset_id=slow.id, stage="probe").asset.renditions
    assert kept == set(rows.exclude(stored="").values_list("stored", flat=True))
    story = rows.get(name="story.mp4")
    with storage.local(storage.renditions(), story.stored, tmp_path) as path:
        assert recordings.plays(path) == pytest.approx(slow.seconds, abs=0.5)


def test_erasing_in_mid_transcode_ends_ffmpeg_and_leaves_nothing(slow, monkeypatch):
    """This ffmpeg reads so slowly that it would go on for minutes if nobody ended it."""
    real = graph.everything

    def crawling(*given):
        name, *rest = real(*given)
        return [name, "-readrate", "0.05", *rest]

    monkeypatch.setattr(graph, "everything", crawling)
    room = storage.scratch(slow.id)

    def work():
        tasks.run_asset.call(str(slow.id))
        connections.close_all()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    _until(lambda: list(room.glob("*/240p.mp4")))
    assert recordings.processes_in(room)
    api.erase(slow.id)
    worker.join(30)
    assert not worker.is_alive()
    assert api.remnants(slow.id) == []
    assert not [path for path in Path(settings.MEDIA_WORK_DIR).rglob("*") if path.is_file()]
    with pytest.raises(api.UnknownAsset):
        api.progress(slow.id)
    api.erase(slow.id)  # once more does no harm


def test_only_one_worker_gets_a_job(short):
    job = _job(short, "probe")
    first, second = lease.claim(job), lease.claim(job)
    assert first is not None
    assert second is None
    gone = timezone.now() - datetime.timedelta(seconds=1)
    MediaJob.objects.filter(pk=job.pk).update(lease_expires=gone)
    assert lease.claim(job) not in {None, first}


def test_work_whose_lease_was_lost_is_thrown_away(short, monkeypatch):
    """The heartbeat cannot help when the lease goes in the very last moment."""
    real = STAGES["transcode"].run

    def robbed(work):
        result = real(work)
        MediaJob.objects.filter(asset_id=short.id).update(lease_token=uuid.uuid4())
        return result

    _replace(monkeypatch, "transcode", robbed)
    tasks.run_asset.call(str(short.id))
    assert _job(short, "transcode").state == "running", "another worker has it now"
    assert api.renditions(short.id) == {}
    assert storage.listing(storage.renditions(), short.id) == []


def test_a_heartbeat_keeps_a_long_stage_alive(short, monkeypatch, settings):
    settings.MEDIA_LEASE_SECONDS = 2
    real = STAGES["probe"].run

    def long(work):
        time.sleep(3)
        assert not lease.claim(_job(short, "probe")), "taken from a living worker"
        return real(work)

    _replace(monkeypatch, "probe", long)
    assert runner.run_next(short.id)
    assert _job(short, "probe").state == "done"


def test_trouble_is_tried_again_later_and_then_given_up(short, monkeypatch, settings):
    settings.MEDIA_MAX_ATTEMPTS = 2

    def trouble(work):
        raise ffmpeg.FfmpegFailed("ffmpeg ended with 1", "disk full")

    _replace(monkeypatch, "probe", trouble)
    tasks.run_asset.call(str(short.id))
    job = _job(short, "probe")
    assert (job.state, job.attempt) == ("ready", 1)
    assert job.not_before > timezone.now()
    assert "disk full" in job.log_tail
    assert "try again" in api.progress(short.id).problem
    assert not runner.run_next(short.id), "it must wait"
    assert api.ring_all() == 0
    MediaJob.objects.filter(pk=job.pk).update(not_before=timezone.now())
    assert api.ring_all() == 1
    tasks.run_asset.call(str(short.id))
    assert _job(short, "probe").state == "dead"
    assert api.progress(short.id).state == "failed"
    assert api.ring_all() == 0
    monkeypatch.undo()
    api.start(short.id, transcribe=False)  # a moderator tries once more
    tasks.run_asset.call(str(short.id))
    assert api.progress(short.id).state == "done"


def test_an_unreadable_recording_is_not_tried_again(short, monkeypatch):
    def unreadable(work):
        raise UnreadableMedia("no_streams", "We found no picture and no sound in that file.")

    _replace(monkeypatch, "probe", unreadable)
    tasks.run_asset.call(str(short.id))
    found = api.progress(short.id)
    assert (found.state, found.problem) == (
        "failed",
        "We found no picture and no sound in that file.",
    )
    assert _job(short, "probe").attempt == 1


def test_what_is_not_proven_clean_stops_everything(short, monkeypatch):
    """A muxer that lets one tag through: the clean stage must see it, whoever let it in."""
    real = STAGES["transcode"].run

    def leaky(work):
        result = real(work)
        mp3 = next(made for made in result.made if made.name == "story.mp3")
        tagged = work.folder / "tagged.mp3"
        tags = ["-metadata", "comment=My ward"]
        recordings.run("-i", mp3.path, "-c", "copy", *tags, tagged)
        tagged.replace(mp3.path)
        return result

    _replace(monkeypatch, "transcode", leaky)
    tasks.run_asset.call(str(short.id))
    assert api.progress(short.id).state == "failed"
    assert "My ward" not in str(_job(short, "clean").__dict__)
    with pytest.raises(api.NotReleasable):
        api.release(short.id, ["story.mp3"])


def test_without_a_model_the_words_wait_and_the_rest_is_done(short, monkeypatch):
    monkeypatch.setattr("media_pipeline.transcriber.available", lambda: False)
    api.start(short.id, transcribe=True)
    tasks.run_asset.call(str(short.id))
    found = api.progress(short.id)
    assert (found.state, found.percent) == ("done", 100)
    assert "not set up" in found.problem
    assert _job(short, "transcribe").state == "ready"
    assert api.ring_all() == 0


def _replace(monkeypatch, name: str, run) -> None:
    stage = STAGES[name]
    kept = (stage.name, stage.label, stage.weight, run, stage.profile)
    monkeypatch.setitem(STAGES, name, type(stage)(*kept))
