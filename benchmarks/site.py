"""A site of its own for a benchmark: real folders, a real gunicorn, nothing left afterwards."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Site:
    """Folders and settings. `settings` are environment variables besides."""

    def __init__(self, room: Path, settings: dict[str, str]) -> None:
        self.room = room
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "archive.settings.development",
            "DATA_DIR": str(room / "data"),
            "KEYS_DIR": str(room / "keys"),
            "JOURNAL_PATH": str(room / "journal" / "tombstones.jsonl"),
            "MEDIA_WORK_DIR": str(room / "work"),
            "S3_BUCKET_PREFIX": f"bench-{os.getpid()}-",
            **settings,
        }

    def manage(self, *words: str) -> None:
        self._run([sys.executable, "manage.py", *words])

    def python(self, program: str, *words: str) -> str:
        """What a program says that runs with Django set up. Raises CalledProcessError."""
        program = f"import django; django.setup()\n{program}"
        return self._run([sys.executable, "-c", program, *words])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    @contextmanager
    def gunicorn(self, **settings: str) -> Iterator[tuple[int, int]]:
        """(port, process id) of a server with one worker, which answers when the block begins."""
        port = free_port()
        serve = [sys.executable, "-m", "gunicorn", "archive.wsgi", "--workers", "1"]
        server = subprocess.Popen(
            [*serve, "--bind", f"{HOST}:{port}", "--log-level", "warning"],
            cwd=ROOT,
            env=self.environment | settings,
        )
        try:
            _wait_for(port)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


@contextmanager
def site(name: str, **settings: str) -> Iterator[Site]:
    """A new site in a folder that goes when the block ends, its buckets too."""
    room = Path(tempfile.mkdtemp(prefix=f"bench-{name}-", dir=os.environ.get("TMPDIR")))
    made = Site(room, settings)
    try:
        (room / "data").mkdir()
        for command in ("migrate", "prepare", "set_up_site"):
            made.manage(command, "-v0")
        yield made
    finally:
        made.python("from tests.media_pipeline import kept; kept.remove()")
        shutil.rmtree(room, ignore_errors=True)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            link = http.client.HTTPConnection(HOST, port, timeout=30)
            link.request("GET", "/healthz")
            link.getresponse().read()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise TimeoutError("The site did not come up.")
