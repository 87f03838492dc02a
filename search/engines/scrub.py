"""Making deleted words leave the database file.

FTS5 (before 3.42) deletes by writing that a word is gone beside the word; only a merge of all of
an index's segments drops both. The pages so freed are overwritten (secure_delete), but their old
images wait in the write-ahead log until it is truncated, which no reader may be in the middle of.
"""

from __future__ import annotations

import sqlite3

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from search.engines import fts5
from search.engines.rows import Due, is_done

WAITING = "search: deleted words in the database file, until scrub() has run"

# Pages of index written between two chances for other writers.
MERGE_PAGES = 500
# How long a reader in the way is waited for, in milliseconds; whoever called tries again later.
PATIENCE_MS = 1_000


def scrub(connection: BaseDatabaseWrapper, due: Due, *, last: bool) -> bool:
    """Merge, overwrite, truncate. True when no deleted word is left in the file or its log.

    due: documents with deleted words; noted as done if this is the last to scrub them.

    Raises TransactionManagementError inside a transaction, where none of it can take effect.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("scrub() should be called outside a transaction.")
    patience = _set_patience(connection, PATIENCE_MS)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
        if due:
            for table in fts5.CONTENT:
                _merge(connection, table)
        if not _truncate(connection):
            return False
        if last:
            is_done(due)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlite_errorcode", None) in _BUSY:
            return False
        raise
    finally:
        _set_patience(connection, patience)
    return True


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_BUSY_SNAPSHOT}


def _merge(connection: BaseDatabaseWrapper, table: str) -> None:
    """Bring an index down to one segment, a batch to a transaction.

    A negative number of pages asks for all segments, new ones too; a step that changes less than
    two rows found nothing to do (https://www.sqlite.org/fts5.html#the_merge_command).
    """
    while True:
        before = connection.connection.total_changes
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)",  # noqa: S608
                [-MERGE_PAGES],
            )
        if connection.connection.total_changes - before < 2:
            return


def _truncate(connection: BaseDatabaseWrapper) -> bool:
    """Whether the write-ahead log is empty now (or there is none)."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy


def _set_patience(connection: BaseDatabaseWrapper, milliseconds: int) -> int:
    """Set how long a lock is waited for; gives back what it was."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        was = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
    return was
