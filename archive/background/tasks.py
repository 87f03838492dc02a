"""The two messages there are: run one task of the Django Tasks interface, and tick."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.module_loading import import_string
from django_tasks.base import Task

from archive.background.app import app
from archive.background.others import run_guarded

log = logging.getLogger(__name__)


@app.task(name="archive.background.run")
def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run the task at this dotted path. Whoever can write to the broker runs tasks, and no more."""
    try:
        task = import_string(path)
    except ImportError:
        task = None
    if isinstance(task, Task):
        run_guarded(task, args, kwargs)
    else:  # sent by another version of the site: the row rings again
        log.error("There is no such task here: %s", path)


@app.task(name="archive.background.tick")
def ring_tick() -> None:
    """All timed work, once. Two at a time are harmless."""
    from archive.timed import tick

    tick()
