"""The embedded test database as migrations leave it, kept between runs: they take 17 seconds.

Kept under a hash of all that migrations are and read, so that a change to any makes it anew; and
never in a clean clone, in which they are all run: by the process that comes first, for which the
others wait.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TextIO

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "test-database"
# Our migrations, what they import and read, and all that is installed.
MADE_OF = (
    "*/migrations/*.py",
    "stories/consent/*.py",
    "stories/contributions/*.py",
    "stories/data/*",
    "archive/settings/*.py",
    "requirements/dev.txt",
)


def bring(path: Path) -> bool:
    """Put a copy at `path`. False where there is none, or the database is on a server."""
    if connection.vendor != "sqlite":
        return False
    if not _file().exists():
        _take_turn()
    if not _file().exists():
        return False
    _end_turn()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_file().read_bytes())
    return True


def keep() -> None:
    """Keep what the database is now, instead of any other that was kept."""
    if connection.vendor != "sqlite" or _file().exists():
        return
    for old in set(KEPT.glob("*.sqlite3")) - {_file()}:
        old.unlink(missing_ok=True)
    # Several processes may come here at once; each renames a file of its own.
    made = _file().with_suffix(f".{Path(connection.settings_dict['NAME']).parent.parent.name}")
    connection.ensure_connection()
    with closing(sqlite3.connect(made)) as copy:
        connection.connection.backup(copy)
    made.rename(_file())
    _end_turn()


_turn: list[TextIO] = []


def _take_turn() -> None:
    """Wait for another process that migrates; ends with the process if not before."""
    KEPT.mkdir(parents=True, exist_ok=True)
    _turn.append((KEPT / "turn").open("w"))
    fcntl.flock(_turn[0], fcntl.LOCK_EX)


def _end_turn() -> None:
    while _turn:
        _turn.pop().close()


def _file() -> Path:
    hashed = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                hashed.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return KEPT / f"{hashed.hexdigest()[:20]}.sqlite3"
