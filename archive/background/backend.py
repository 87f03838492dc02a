"""The Django Tasks interface on Celery: a task becomes one message on the queue of its weight.

Without results: a row says how its work stands. Without deferring: what is due later is a row
too, and tick() rings for it when its time has come.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from django.db import transaction
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult
from django_tasks.exceptions import InvalidTaskError
from django_tasks.signals import task_enqueued
from kombu.exceptions import KombuError

from archive.background.app import app
from archive.background.others import is_a_librarys, new_result, run_at_once
from archive.background.tasks import run

log = logging.getLogger(__name__)

# tick() rings every minute for as long as a row waits: old bells must not heap up.
EXPIRES_SECONDS = 3_600
# After a failure nobody waits for the broker again so soon.
REST_SECONDS = 5


class CeleryBackend(BaseTaskBackend):
    """Sends. A broker that is away is no error: the row is there, and tick() rings again."""

    def __init__(self, alias: str, params: dict) -> None:
        super().__init__(alias, params)
        self._away = False
        self._rests_until = 0.0
        app.connection_for_write()  # connects to nothing: loads the transport before any request

    def validate_task(self, task: Task) -> None:
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTaskError("Backend does not keep results, so there is no context to take.")

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Send it once all is committed, so that no worker comes before what it is to read.

        Raises InvalidTaskError, and TypeError for arguments that are not JSON.
        """
        self.validate_task(task)
        if is_a_librarys(task):
            return run_at_once(task, args, kwargs)
        result = new_result(task, args, kwargs)
        transaction.on_commit(partial(self._send, result))
        return result

    def _send(self, result: TaskResult) -> None:
        if self._away and time.monotonic() < self._rests_until:
            return
        path = result.task.module_path
        try:
            run.apply_async(
                args=[path, result.args, result.kwargs],
                task_id=result.id,
                queue=result.task.queue_name,
                expires=EXPIRES_SECONDS,
                shadow=path,  # the name in Celery's own log
                # Celery would send them a second time, as text to be logged.
                argsrepr="",
                kwargsrepr="",
            )
        except (OSError, KombuError) as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            if not self._away:
                log.warning("The broker is away: %s", type(error).__name__)
            self._away = True
            return
        if self._away:
            log.info("The broker is back")
        self._away = False
        task_enqueued.send(type(self), task_result=result)
