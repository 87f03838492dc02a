"""Celery workers that die, are told to end, or are handed the same message twice."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from django.conf import settings

from media_pipeline import api as media
from media_pipeline import storage
from media_pipeline.models import MediaAsset, MediaJob
from stories.contributions.models import Contribution
from stories.letters.models import Letter
from stories.publishing.tick import tick
from tests import recordings
from tests.media_pipeline import kept
from tests.people import work
from tests.processes import until

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("short_lease")]

MEDIA = ("-Q", "media", "--concurrency", "1")


@pytest.fixture
def queues(site):
    from tests import queues

    return queues


@pytest.fixture
def film(contributor, queues) -> MediaAsset:
    """The recording of a story that was sent; it takes some seconds to transcode."""
    recording = recordings.video("mp4", 3, size="854x480", rate=30)
    contributor.tell(recording=recording)
    return MediaAsset.objects.get(pk=Contribution.objects.get().upload.asset_id)


def transcoding(asset: MediaAsset) -> bool:
    room = storage.scratch(asset.pk)
    return any(path.stat().st_size for path in room.glob("*/240p.mp4"))


def assert_made_once(asset: MediaAsset) -> None:
    """Every rendition has one row and one file, and there is no file besides."""
    assert media.progress(asset.pk).state == "done"
    rows = list(asset.renditions.all())
    assert sorted({row.name for row in rows}) == sorted(row.name for row in rows)
    assert {"story.mp4", "story.mp3"} <= {row.name for row in rows}
    assert sorted(kept.names("renditions")) == sorted(row.stored for row in rows if row.stored)
    assert kept.names("originals") == [asset.original]
    assert not storage.scratch(asset.pk).exists()
    assert recordings.processes_in(settings.MEDIA_WORK_DIR) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_worker_killed_in_mid_transcode_loses_nothing(film, worker, queues, seed):
    doomed = worker(*MEDIA)
    until(lambda: transcoding(film))
    time.sleep(random.Random(seed).uniform(0, 1))  # noqa: S311 - a moment, not a secret
    assert transcoding(film), "it was too quick to be killed in the middle"
    assert queues.handed_out() == 1, "acknowledged before it was done"
    doomed.kill()
    until(lambda: not recordings.processes_in(settings.MEDIA_WORK_DIR))  # ffmpeg dies with it
    job = MediaJob.objects.get(asset=film, stage="transcode")
    assert job.state == "running"
    queues.forget()  # what it held is gone with it, as when Redis is lost too
    until(lambda: tick()["media jobs rung"])
    work()
    assert_made_once(film)
    job.refresh_from_db()
    assert job.attempt == 2


def test_a_child_that_is_killed_alone_is_replaced_and_the_message_comes_back(film, worker, queues):
    """As the kernel does when memory runs out."""
    here = worker(*MEDIA)
    until(lambda: transcoding(film))
    [child] = here.children()
    os.kill(child, signal.SIGKILL)
    until(lambda: not recordings.processes_in(settings.MEDIA_WORK_DIR))
    until(lambda: "WorkerLostError" in here.said())
    # It was handed out again at once, and found the lease of the dead one.
    until(lambda: (queues.queued(), queues.handed_out()) == (0, 0))
    until(lambda: tick()["media jobs rung"])
    until(lambda: media.progress(film.pk).state == "done")
    until(lambda: (queues.queued(), queues.handed_out()) == (0, 0))
    assert_made_once(film)
    assert here.children() != [child]


def test_a_worker_that_is_told_to_end_hands_back_what_it_cannot_finish(film, worker, queues):
    here = worker(*MEDIA, "--", "worker_soft_shutdown_timeout=0.5")
    until(lambda: transcoding(film))
    here.process.send_signal(signal.SIGTERM)
    assert here.process.wait(30) == 0
    until(lambda: not recordings.processes_in(settings.MEDIA_WORK_DIR))
    assert (queues.queued(), queues.handed_out()) == (1, 0), here.said()
    until(lambda: tick()["media jobs rung"])
    work()
    assert_made_once(film)


def test_a_message_that_comes_twice_is_harmless(contributor, worker, queues, tmp_path):
    """Two workers have it at the same time, and two of a letter's bell."""
    letters = tmp_path / "letters"
    contributor.tell(recording=recordings.video("mp4", 1), email="ann@example.org")
    client = queues.client()
    for name in ("media", "light"):
        message = client.lindex(queues.key(name), 0)
        assert message, name
        client.lpush(queues.key(name), message, message)
    worker(
        "-Q",
        "default,light,media",
        "--concurrency",
        "2",
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        EMAIL_FILE_PATH=str(letters),
    )
    asset = MediaAsset.objects.get()
    until(lambda: media.progress(asset.pk).state == "done")
    until(lambda: not Letter.objects.exclude(state=Letter.State.SENT).exists())
    until(lambda: (queues.queued(), queues.handed_out()) == (0, 0))
    assert_made_once(asset)
    assert set(asset.jobs.values_list("attempt", flat=True)) == {1}
    sent = Letter.objects.filter(state=Letter.State.SENT).count()
    assert sent
    said = "".join(path.read_text() for path in letters.iterdir())
    assert said.count("\nTo: ann@example.org") == sent
