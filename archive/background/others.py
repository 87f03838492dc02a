"""Tasks that the libraries bring along: run at once, as those libraries do by themselves.

Wagtail rings for the deletion of a picture's file and for its index of references. It has no row
that could ring again, its messages would hold file names and, for a bucket, the secret key, and
some are sent before what they speak of is committed. All of them take milliseconds.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

log = logging.getLogger(__name__)
LIBRARIES = ("wagtail.", "modelsearch.")


def is_a_librarys(task: Task) -> bool:
    return task.module_path.startswith(LIBRARIES)


def run_at_once(task: Task, args: Any, kwargs: Any) -> TaskResult:
    """Run it here, as soon as all is committed."""
    result = new_result(task, args, kwargs)
    transaction.on_commit(partial(run_guarded, task, result.args, result.kwargs))
    return result


def new_result(task: Task, args: Any, kwargs: Any) -> TaskResult:
    """A task that is to be run. Raises TypeError for arguments that are not JSON."""
    return TaskResult(
        task=task,
        id=get_random_id(),
        status=TaskResultStatus.READY,
        enqueued_at=timezone.now(),
        started_at=None,
        last_attempted_at=None,
        finished_at=None,
        args=args,
        kwargs=kwargs,
        backend=task.backend,
        errors=[],
        worker_ids=[],
    )


def run_guarded(task: Task, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run it. Its fault ends here, and no word of it is repeated: it could quote a contributor."""
    try:
        task.call(*args, **kwargs)
    except Exception as error:
        log.exception("%s failed: %s", task.module_path, type(error).__name__)
