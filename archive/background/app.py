"""The Celery application: what it promises of a message, and what it never says of one.

python -m celery -A archive.background worker -Q default,light
python -m celery -A archive.background worker -Q media --concurrency 1 --max-tasks-per-child 20
python -m celery -A archive.background beat
"""

from __future__ import annotations

import logging
import os
from functools import cached_property

from celery import Celery, signals
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings.production")
# Celery's command takes our BROKER_URL for its own option, without the password that belongs to it.
os.environ.pop("CELERY_BROKER_URL", None)

from django.conf import settings

TICK_SECONDS = 60
# One recording's stage runs three commands at most, each within the deadline of
# media_pipeline.work.Work: ten minutes, and twenty times the length of the recording.
STAGE_COMMANDS = 3
RECONCILE_LEASE_SECONDS = 5 * 60  # stories.publishing.reconcile.LEASE
# Longer than a worker is given between "please end" and the end by systemd or by a container's
# keeper (ten seconds at least), less what the ending itself takes.
SOFT_SHUTDOWN_SECONDS = 6


def visible_after() -> int:
    """Seconds after which Redis hands out again what nobody has acknowledged.

    Longer than the longest stage and every lease, so that a message is doubled only when its
    worker is gone. Nothing waits for it: tick() rings again as soon as a lease has run out.
    """
    stage = STAGE_COMMANDS * (600 + 20 * settings.MEDIA_MAX_SECONDS)
    return 60 + max(stage, settings.MEDIA_LEASE_SECONDS, RECONCILE_LEASE_SECONDS)


class Application(Celery):
    @cached_property
    def Worker(self):
        return self.subclass_with_self("archive.background.worker:Worker")


app = Application("archive", set_as_current=False)
app.conf.update(
    # Celery's own command takes the variable BROKER_URL, which has no password, for `broker_url`.
    broker_url=settings.BROKER_URL,
    broker_read_url=settings.BROKER_URL,
    broker_write_url=settings.BROKER_URL,
    # A page must not wait for a broker that is away: two seconds, and no second try.
    broker_transport_options={
        "global_keyprefix": settings.BROKER_PREFIX,
        "visibility_timeout": visible_after(),
        "socket_connect_timeout": 2,
        "socket_timeout": 2,
        "max_retries": 0,
    },
    broker_connection_timeout=2,
    task_publish_retry=False,
    # A worker has all the time: it tries until the broker is back.
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Work that a lost connection can't acknowledge goes on: doing it twice is harmless.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    include=["archive.background.tasks"],
    task_queues=[
        Queue(name, Exchange(name), routing_key=name)
        for name in settings.TASKS["default"]["QUEUES"]
    ],
    task_default_queue="default",
    task_create_missing_queues=False,
    # Acknowledged when done; what a dying worker held goes back to the queue.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # The rows say how work ended.
    task_ignore_result=True,
    result_backend=None,
    task_serializer="json",
    accept_content=["json"],
    worker_soft_shutdown_timeout=SOFT_SHUTDOWN_SECONDS,
    worker_max_tasks_per_child=200,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    enable_utc=True,
    timezone="UTC",
    # Kept in memory: a tick too many after a restart is harmless, a file to write is a nuisance.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        "tick": {
            "task": "archive.background.tick",
            "schedule": TICK_SECONDS,
            # One that was not taken up before the next comes is dropped.
            "options": {"queue": "light", "expires": TICK_SECONDS - 10},
        }
    },
)


@signals.setup_logging.connect
def _leave_logging_to_django(**_) -> None:
    """That somebody listens keeps Celery from changing it. LOGGING in the settings rules.

    A line for every bell would say nothing that the rows don't.
    """
    for name in ("celery.app.trace", "celery.worker.strategy"):
        logging.getLogger(name).setLevel(logging.WARNING)
