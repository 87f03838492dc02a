"""Processes that a test starts, and the environment in which they share its world."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from archive.management.commands.worker import command_of

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (
    "DATA_DIR",
    "KEYS_DIR",
    "JOURNAL_PATH",
    "MEDIA_STORE_DIR",
    "MEDIA_WORK_DIR",
    "FILE_UPLOAD_TEMP_DIR",
)
SHARED = (
    "BROKER_PREFIX",
    "BROKER_URL",
    "ELASTICSEARCH_INDEX",
    "MEDIA_LEASE_SECONDS",
    "MEDIA_MAX_ATTEMPTS",
)


def environment(**changed) -> dict[str, str]:
    """For a child process: this test's database, stores, folders, index and queues.

    `changed` are settings that differ there.
    """
    stores = {
        name: {word: str(options[word]) for word in ("location", "bucket_name") if word in options}
        for name, store in settings.STORAGES.items()
        if (options := store.get("OPTIONS"))
    }
    places = {
        "database": str(connection.settings_dict["NAME"]),
        "stores": stores,
        "folders": {name: str(getattr(settings, name)) for name in FOLDERS},
        "settings": {name: getattr(settings, name) for name in SHARED} | changed,
    }
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.child_settings",
        "TEST_PLACES": json.dumps(places),
    }


def until(what: Callable[[], object], patience: float = 90) -> None:
    """Wait for something to be so; an AssertionError when it does not come."""
    ends = time.monotonic() + patience
    while not what():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


class Worker:
    """A process with its children, in a session of its own."""

    def __init__(self, log: Path, command: list[str], **changed) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(**changed),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def children(self) -> list[int]:
        parent = self.process.pid
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(pid) for pid in found]

    def kill(self) -> None:
        """The whole group, as a machine that loses its power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()


class CeleryWorker(Worker):
    """A real Celery worker with its pool of children."""

    def __init__(self, log: Path, *options: str, **changed) -> None:
        command = [sys.executable, "-m", "celery", "-A", "archive.background", "worker"]
        super().__init__(log, [*command, "-n", f"{log.stem}@tests", *options], **changed)

    def wait_ready(self) -> None:
        until(lambda: " ready." in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()


class DatabaseWorker(Worker):
    """A real worker of the database's task queue, as `manage.py worker` starts it."""

    def __init__(self, log: Path, queue: str, **changed) -> None:
        super().__init__(log, command_of(queue), **changed)
