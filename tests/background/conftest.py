"""Real Celery workers, and a Redis of the test's own for what would disturb everyone else."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
from django_tasks import task_backends

from tests.processes import CeleryWorker, until


@pytest.fixture
def worker(tmp_path) -> Iterator[Callable[..., CeleryWorker]]:
    """worker("-Q", "media"): starts one and waits until it listens. None outlives the test."""
    started: list[CeleryWorker] = []

    def start(*options: str, **changed) -> CeleryWorker:
        log = tmp_path / f"worker{len(started)}.log"
        started.append(CeleryWorker(log, *options, **changed))
        started[-1].wait_ready()
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def broker_at(settings) -> Iterator[Callable[[str], None]]:
    """broker_at(address): from now on the site rings there."""
    from archive.background.app import app
    from tests import queues

    before = app.conf.broker_url

    def turn_to(address: str) -> None:
        settings.BROKER_URL = address
        app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = address
        forget_connections()

    def forget_connections() -> None:
        queues.hang_up()
        app._pool = None
        app.amqp._producer_pool = None
        # A broker that was away before is not waited for: this is another one.
        task_backends["default"]._rests_until = 0.0

    yield turn_to
    turn_to(before)


@pytest.fixture
def own_redis(tmp_path, broker_at):
    """A Redis that may be emptied; the site uses it. Yields its client."""
    import redis

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = shutil.which("redis-server")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)

        def answers() -> bool:
            with contextlib.suppress(redis.ConnectionError):
                return client.ping()
            return False

        until(answers)
        broker_at(f"redis://127.0.0.1:{port}/0")
        yield client
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def short_lease(settings) -> None:
    settings.MEDIA_LEASE_SECONDS = 4
