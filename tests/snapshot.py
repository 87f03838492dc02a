"""A site as it is when it is new: made once by its own command, then copied for every test.

Each database has its quick way: SQLite's online backup
(https://www.sqlite.org/backup.html), PostgreSQL's COPY.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

# {table: what COPY gave for it}, on PostgreSQL
_rows: dict[str, bytes] = {}


def _file() -> Path:
    return Path(settings.TEST_ROOM) / "new-site.sqlite3"


def take() -> None:
    """Remember what the database holds now."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_file())) as kept:
            connection.connection.backup(kept)
        return
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _rows[table] = b"".join(copy)


def restore() -> bool:
    """Bring it back. False when there is nothing to bring back yet."""
    if connection.vendor == "sqlite":
        if not _file().exists():
            return False
        connection.ensure_connection()
        with closing(sqlite3.connect(_file())) as kept:
            kept.backup(connection.connection)
        return True
    if not _rows:
        return False
    filled = {table: rows for table, rows in _rows.items() if rows}
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys and the triggers of consent records rest meanwhile.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _rows:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of our own
        for table, rows in filled.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
    return True


def _tables() -> list[str]:
    quote = connection.ops.quote_name
    names = connection.introspection.table_names()
    return [quote(name) for name in names if name != "django_migrations"]
