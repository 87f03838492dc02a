"""`manage.py worker` keeps its two workers alive, and ends them when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """An installation of its own, as a newcomer's would be."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "archive.settings.development",
        "DATA_DIR": str(tmp_path / "data"),
        "KEYS_DIR": str(tmp_path / "keys"),
        "JOURNAL_PATH": str(tmp_path / "journal.jsonl"),
        "MEDIA_WORK_DIR": str(tmp_path / "work"),
    }


def workers(parent: int) -> dict[str, int]:
    """{queue: process id} of the workers that this supervisor started."""
    found = {}
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for child in children:
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "db_worker" in words:
            found[words[words.index("--queue-name") + 1]] = int(child)
    return found


def until(what: Callable[[], bool]) -> bool:
    for _ in range(300):
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.embedded
def test_a_worker_that_is_killed_is_started_again_and_none_outlives_the_end(
    environment, django_db_setup
):
    run = [sys.executable, "manage.py"]
    assert migrated.bring(Path(environment["DATA_DIR"], "archive.sqlite3"))
    subprocess.run([*run, "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    supervisor = subprocess.Popen([*run, "worker"], cwd=ROOT, env=environment)
    try:
        assert until(lambda: set(workers(supervisor.pid)) == {"default,light", "media"})
        first = workers(supervisor.pid)
        os.kill(first["media"], signal.SIGKILL)
        assert until(lambda: workers(supervisor.pid).get("media", first["media"]) != first["media"])
        second = workers(supervisor.pid)
        assert second["default,light"] == first["default,light"]
    finally:
        supervisor.terminate()
        supervisor.wait(30)
    assert not any(Path(f"/proc/{worker}").exists() for worker in second.values())


@pytest.mark.stack
def test_where_celery_works_it_says_so_and_starts_nothing():
    with pytest.raises(CommandError, match=r"celery -A archive\.background worker"):
        call_command("worker")
