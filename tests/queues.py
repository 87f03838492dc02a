"""A real Celery worker inside the test's own process, for as long as something waits.

In the same process and thread, so that what a test changed (settings, code, the clock) holds for
its tasks too. Imported only where TASK_ENGINE is celery.
"""

from __future__ import annotations

import select

import redis
from celery.worker import WorkController, state
from django.conf import settings
from kombu.asynchronous import get_event_loop, set_event_loop

from archive.background.app import app

# Between two questions: how long an idle worker listens, and how often we look whether it is idle.
LISTEN_SECONDS = 0.01
LOOK_SECONDS = 0.003
# kombu's hash of what was handed out and not acknowledged, its order, and its lock.
HANDED_OUT = ("unacked", "unacked_index", "unacked_mutex")
# Now, not in the middle of a test: it sets Django up again, and with it the logging.
app.loader.init_worker()


class Batch(WorkController):
    """Runs tasks one at a time, in this thread, and ends when no message is left."""

    def on_consumer_ready(self, consumer) -> None:
        consumer.hub.call_repeatedly(LOOK_SECONDS, self._end_when_idle, consumer)

    def _end_when_idle(self, consumer) -> None:
        # The pool is this thread: while we are asked, no task of ours runs. But a message can be
        # on its way from Redis to us, and then it is in no queue any more.
        if not queued() and not _readable(consumer.task_consumer.channel.client.connection._sock):
            state.should_stop = 0


def work() -> None:
    """Let a Celery worker of all queues do everything that waits, and what that asks for.

    Also from inside a task, where a test lets another worker overtake this one.
    """
    if not queued():
        return
    outer = get_event_loop()
    set_event_loop(None)
    options = app.conf.broker_transport_options
    app.conf.broker_transport_options = options | {"polling_interval": LISTEN_SECONDS}
    try:
        batch = Batch(
            app=app,
            pool="solo",
            concurrency=1,
            queues=names(),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        batch.start()
        if batch.exitcode:
            raise RuntimeError("the worker broke off: see its log")
    finally:
        state.should_stop = None
        set_event_loop(outer)
        app.conf.broker_transport_options = options


def names() -> list[str]:
    return settings.TASKS["default"]["QUEUES"]


def queued() -> int:
    """Messages that nobody has taken up yet."""
    with client().pipeline() as ask:
        for name in names():
            ask.llen(key(name))
        return sum(ask.execute())


def handed_out() -> int:
    """Messages that a worker has, or had when it was killed."""
    return client().hlen(key(HANDED_OUT[0]))


def forget() -> None:
    """Throw away every message of this run, also those that a dead worker held."""
    client().delete(*map(key, (*names(), *HANDED_OUT)))


_kept: list[redis.Redis] = []


def client() -> redis.Redis:
    if not _kept:
        _kept.append(redis.Redis.from_url(settings.BROKER_URL))
    return _kept[0]


def hang_up() -> None:
    """The broker is somewhere else from now on."""
    while _kept:
        _kept.pop().close()


def key(name: str) -> str:
    return f"{settings.BROKER_PREFIX}{name}"


def _readable(sock) -> bool:
    return bool(sock and select.select([sock], [], [], 0)[0])
