"""The Django Tasks interface on the database: django-tasks-db, without the libraries' tasks."""

from __future__ import annotations

from typing import Any

import django_tasks_db

from archive.background.others import is_a_librarys, run_at_once


class DatabaseBackend(django_tasks_db.DatabaseBackend):
    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        if is_a_librarys(task):
            return run_at_once(task, args, kwargs)
        return super().enqueue(task, args, kwargs)
