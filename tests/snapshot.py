"""The site as it was at some moment, brought back as often as somebody asks.

Each database has its quick way: SQLite's online backup
(https://www.sqlite.org/backup.html), PostgreSQL's COPY.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from archive.settings import engines


class Snapshot:
    """One moment of the database; `name` is its file's, in the room of this test run.

    `folders` are settings that name one, kept beside it. Servers are not: where the environment
    names any, what has folders is never there, and is made anew each time.
    """

    def __init__(self, name: str, *folders: str) -> None:
        self.name, self.folders = name, folders
        self._rows: dict[str, bytes] = {}  # {table: what COPY gave for it}, on PostgreSQL

    def take(self) -> None:
        """Remember what is there now."""
        if not self._can_be():
            return
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(self._file())) as kept:
                connection.connection.backup(kept)
            for name in self.folders:
                shutil.copytree(getattr(settings, name), self._file(name))
            return
        with connection.cursor() as cursor:
            for table in _tables():
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    self._rows[table] = b"".join(copy)

    def restore(self) -> bool:
        """Bring it back. False when there is nothing to bring back yet."""
        if not self._can_be():
            return False
        if connection.vendor == "sqlite":
            if not self._file().exists():
                return False
            connection.ensure_connection()
            with closing(sqlite3.connect(self._file())) as kept:
                kept.backup(connection.connection)
            for name in self.folders:
                shutil.rmtree(getattr(settings, name), ignore_errors=True)
                shutil.copytree(self._file(name), getattr(settings, name))
            return True
        if not self._rows:
            return False
        filled = {table: rows for table, rows in self._rows.items() if rows}
        with transaction.atomic(), connection.cursor() as cursor:
            # Foreign keys and the triggers of consent records rest meanwhile.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in self._rows:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our own
            for table, rows in filled.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
        return True

    def _can_be(self) -> bool:
        embedded = (engines.STORAGE, engines.SEARCH_ENGINE) == ("files", "sqlite")
        return embedded or not self.folders

    def _file(self, of: str = "sqlite3") -> Path:
        return Path(settings.TEST_ROOM) / f"{self.name}.{of}"


def _tables() -> list[str]:
    quote = connection.ops.quote_name
    names = connection.introspection.table_names()
    return [quote(name) for name in names if name != "django_migrations"]


# A site as it is when it is new, made once by its own command.
NEW_SITE = Snapshot("new-site")
# What is left when everything was emptied: Django's own flush takes six times as long.
EMPTIED = Snapshot("emptied")
