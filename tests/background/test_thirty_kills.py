"""Thirty workers in a row die at any moment; every recording is made once, and nothing is left.

On either task engine: `make test-long` runs it on both.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from archive.settings import engines
from media_pipeline import api as media
from media_pipeline import storage
from media_pipeline.models import MediaAsset, MediaJob
from stories.publishing.tick import tick
from tests import processes, recordings
from tests.media_pipeline import kept
from tests.people import Contributor, work
from tests.processes import until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("short_lease")]

KILLS = 30
SEED = 20_261_123


@pytest.fixture
def patient(settings) -> None:
    """Nobody gives up on a recording because its workers were killed."""
    settings.MEDIA_MAX_ATTEMPTS = 10 * KILLS


def media_worker(log: Path) -> processes.Worker:
    if engines.TASK_ENGINE == "celery":
        return processes.CeleryWorker(log, "-Q", "media", "--concurrency", "1")
    return processes.DatabaseWorker(log, "media")


def send(number: int, rng: random.Random) -> None:
    recording: Callable[[], Path] = rng.choice(
        [
            lambda: recordings.video("mp4", 3, size="854x480", rate=30),
            lambda: recordings.video("webm", 2),
            lambda: recordings.sound("mp3", 5),
            lambda: recordings.sound("flac", 3),
        ]
    )
    Contributor().tell(f"Story {number}", recording=recording())


def wait_for_a_moment(rng: random.Random, earlier: set[UUID]) -> bool:
    """Of three workers one is killed at any moment since its start, and two once they are at work.

    Whether a job was held by it in the end; `earlier` are the leases of those before it.
    """

    def held() -> set[UUID]:
        running = MediaJob.objects.filter(state=MediaJob.State.RUNNING)
        return set(running.values_list("lease_token", flat=True)) - earlier

    def taken_up() -> bool:
        media.ring_all()  # whoever died held a lease, until now
        ends = time.monotonic() + 2
        while not held() and time.monotonic() < ends:
            time.sleep(0.05)
        return bool(held())

    if rng.random() < 2 / 3:
        until(taken_up)
        time.sleep(rng.uniform(0, 2))
    else:
        time.sleep(rng.uniform(0.5, 6))
    found = held()
    earlier |= found
    return bool(found)


def test_nothing_is_lost_doubled_or_left(site, patient, tmp_path):
    rng = random.Random(SEED)  # noqa: S311 - moments, not secrets
    in_work, leases = 0, set[UUID]()
    for number in range(KILLS):
        nothing_left = not MediaJob.objects.exclude(state=MediaJob.State.DONE).exists()
        if number % 5 == 0 or nothing_left:
            send(number, rng)
        tick()
        doomed = media_worker(tmp_path / f"worker{number}.log")
        try:
            in_work += wait_for_a_moment(rng, leases)
        finally:
            doomed.kill()
        until(lambda: not recordings.processes_in(settings.MEDIA_WORK_DIR))
    assert in_work >= KILLS // 3, f"only {in_work} were at work when they were killed"

    def all_done() -> bool:
        tick()
        work()
        return not MediaJob.objects.exclude(state=MediaJob.State.DONE).exists()

    until(all_done, patience=300)
    assets = MediaAsset.objects.all()
    assert len(assets) >= KILLS // 5
    for asset in assets:
        assert media.progress(asset.pk).state == "done"
        assert not storage.scratch(asset.pk).exists()
        names = list(asset.renditions.values_list("name", flat=True))
        assert len(names) == len(set(names))
    rows = [row for asset in assets for row in asset.renditions.exclude(stored="")]
    assert sorted(kept.names("renditions")) == sorted(row.stored for row in rows)
    assert sorted(kept.names("originals")) == sorted(asset.original for asset in assets)
    assert recordings.processes_in(settings.MEDIA_WORK_DIR) == []
