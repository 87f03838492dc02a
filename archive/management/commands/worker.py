"""Background work on one machine: a light and a media worker, kept alive, and tick() every minute.

Two workers, because a withdrawal must not wait behind a transcode. A worker that ends (a write
lock can outlast the busy time-out) is started again; the rows lose nothing meanwhile.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections

from archive.settings import engines
from archive.timed import tick

TICK_SECONDS = 60
LOOK_SECONDS = 0.5
STOP_SECONDS = 8


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        if engines.TASK_ENGINE != "database":
            raise CommandError(
                "TASK_ENGINE is celery: start its workers instead "
                "(celery -A archive.background worker), and its beat."
            )
        told_to_end: list[int] = []
        # Noted, and looked at below: ending anywhere else could lose sight of a worker that is just
        # being started, and it would outlive us.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda number, _: told_to_end.append(number))
        workers: dict[str, subprocess.Popen] = {}
        next_tick = 0.0
        try:
            while not told_to_end:
                for queue in ("light", "media"):
                    if queue not in workers or workers[queue].poll() is not None:
                        workers[queue] = start_worker(queue)
                if time.monotonic() >= next_tick:
                    self.tick()
                    next_tick = time.monotonic() + TICK_SECONDS
                time.sleep(LOOK_SECONDS)
        finally:
            stop(workers.values())

    def tick(self) -> None:
        close_old_connections()
        try:
            tick()
        except OperationalError:
            self.stderr.write("The database was busy; the next minute tries again.")


def start_worker(queue: str) -> subprocess.Popen:
    """A worker of one queue, in a session of its own so that Ctrl-C reaches only us."""
    return subprocess.Popen(command_of(queue), start_new_session=True, env=os.environ.copy())


def command_of(queue: str) -> list[str]:
    """How a worker of the light or the media queue is started."""
    queues = "default,light" if queue == "light" else queue
    how = "--interval 0.3 --no-startup-delay --no-reload --verbosity 0"
    return [sys.executable, "manage.py", "db_worker", "--queue-name", queues, *how.split()]


def stop(workers) -> None:
    for worker in workers:
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for worker in workers:
        try:
            worker.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
