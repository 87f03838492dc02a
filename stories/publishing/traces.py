"""Making deleted words leave the files of the database's server, and its log.

A row that was deleted or written over keeps lying in PostgreSQL's files: in its table, in the
table's indexes and long values, among the planner's notes of common values, and in the write-ahead
log. Only writing a table anew leaves them behind, and only a checkpoint makes the log forget.
docs/decisions/0014-postgresql-forgets.md says why it is done so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from wagtail.models import Page

from stories.pages.models import StoryPage
from stories.publishing.scan.tables import Table, postgresql_tables, source_tables

# A visitor waits so long at most for us to come by a table. More than the second after which
# PostgreSQL calls off its own tidying for somebody who waits.
PATIENCE_MS = 1_500
# What was written over, and not deleted, may stay so long: a message, an address, a session.
LONGEST = timedelta(days=1)
WAIT_SECONDS, PAUSE_SECONDS = 10.0, 0.3  # for an older reader to be through
STATISTICS = "pg_statistic"
BUSY = {"55P03", "40P01"}  # a lock that was not to be had; a deadlock
NOT_ALLOWED = "42501"
T = TypeVar("T")


class Held(Exception):
    """Somebody holds the table, and we have waited for as long as we make others wait."""


def scrub_database() -> bool:
    """Make all that was deleted leave the database's files and log; cheap when nothing was.

    False: somebody reads or writes just now; try again. Call it outside a transaction, else
    TransactionManagementError. Where we may not make a checkpoint, the log forgets later:
    scan/server.py says so.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("scrub_database() should be called outside a transaction.")
    if connection.vendor == "postgresql":
        return _scrub_postgresql()
    # The embedded engine of search lives in the same file, and its scrub() empties the log.
    return settings.SEARCH_ENGINE == "sqlite" or _empty_sqlite_log()


def _empty_sqlite_log() -> bool:
    """What is freed in the file is overwritten at once (secure_delete); the log has old pages."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        [patience] = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy


@dataclass(frozen=True)
class Counted:
    """A table with texts: how many of its rows were ever changed and deleted, and `before`, what
    was noted when it was last written anew ({} for never)."""

    table: Table
    updated: int
    deleted: int
    before: dict

    @property
    def is_changed(self) -> bool:
        return self.updated != self.before.get("updated", 0) or self.lost_rows

    @property
    def lost_rows(self) -> bool:
        return self.deleted != self.before.get("deleted", 0)

    @property
    def is_old(self) -> bool:
        at = self.before.get("rewritten")
        return at is None or timezone.now() - datetime.fromisoformat(at) > LONGEST


def is_due(tables: list[Counted]) -> bool:
    """Words of a story were deleted, or anything was written over a day ago."""
    stories = source_tables() | {StoryPage._meta.db_table, Page._meta.db_table}
    return any(
        each.is_changed and (each.is_old or (each.lost_rows and each.table.name in stories))
        for each in tables
    )


def _scrub_postgresql() -> bool:
    with connection.cursor() as cursor, _patience(cursor):
        tables = counted_tables(cursor)
        if not is_due(tables):
            return True
        changed, mark = [each for each in tables if each.is_changed], _mark(cursor)
        left = _each(changed, lambda each: _rewrite(cursor, each.table, mark))
        mark = _mark(cursor)  # values were struck from the planner's notes just now
        if _each([STATISTICS], lambda notes: _write_anew(cursor, notes, mark)):
            return False
        _forget_log(cursor)
        # Last, so that whatever was cut short is done again.
        new = [each for each in tables if each not in left and (each.is_changed or each.is_old)]
        return not [*left, *_each(new, lambda each: _note(cursor, each))]


def _mark(cursor: CursorWrapper) -> str:
    """The number of a transaction: what was deleted before it is seen by nobody who came later."""
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    return cursor.fetchone()[0]


def _each(things: list[T], write: Callable[[T], bool]) -> list[T]:
    """Those that could not be written. An older reader, such as PostgreSQL's own tidying, is
    waited for; who holds a table is not, because visitors would wait with us."""
    left, held = list(things), []
    ends = time.monotonic() + WAIT_SECONDS
    while left:
        try:
            done = write(left[0])
        except Held:
            held.append(left[0])
            done = True
        if done:
            left.pop(0)
        elif time.monotonic() > ends:
            break
        else:
            time.sleep(PAUSE_SECONDS)
    return left + held


def counted_tables(cursor: CursorWrapper) -> list[Counted]:
    """Tables with texts that are ours, by PostgreSQL's own counters; what this connection has not
    yet told them is sent first."""
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute(
        "SELECT relid, n_tup_upd, n_tup_del, obj_description(relid, 'pg_class') "
        "FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid "
        "WHERE relkind = 'r' AND pg_has_role(relowner, 'USAGE')"
    )
    counted = {relid: rest for relid, *rest in cursor.fetchall()}
    found = []
    for table in postgresql_tables(connection):
        if table.oid in counted:
            updated, deleted, note = counted[table.oid]
            found.append(Counted(table, updated, deleted, _read(note)))
    return found


def _read(note: str | None) -> dict:
    try:
        read = json.loads(note or "{}")
    except ValueError:
        return {}  # somebody else's note
    return read if isinstance(read, dict) else {}


def _rewrite(cursor: CursorWrapper, table: Table, mark: str) -> bool:
    if not _write_anew(cursor, table.quoted, mark):
        return False
    _forget_values(cursor, table)
    return True


def _note(cursor: CursorWrapper, counted: Counted) -> bool:
    """The counters as they were read before: what was deleted meanwhile is for the next time."""
    note = {
        "rewritten": timezone.now().isoformat(timespec="seconds"),
        "updated": counted.updated,
        "deleted": counted.deleted,
    }
    _run(cursor, f"COMMENT ON TABLE {counted.table.quoted} IS '{json.dumps(note)}'")
    return True


def _write_anew(cursor: CursorWrapper, quoted: str, mark: str) -> bool:
    """Whether nothing of the table's deleted rows is in its new file.

    Rows that an older reader may still look at are taken along: then the new file's freezing
    point, which PostgreSQL sets to the oldest reader's, lies before our mark.
    """
    _run(cursor, f"VACUUM (FULL, ANALYZE) {quoted}")
    cursor.execute(
        "SELECT age(relfrozenxid) <= age(%s::xid) FROM pg_class WHERE oid = %s::regclass",
        [mark, quoted],
    )
    return bool(cursor.fetchone()[0])


def _forget_values(cursor: CursorWrapper, table: Table) -> None:
    """ANALYZE looks at no table without rows, and leaves what it noted of their values before.
    Giving a column the type that it has drops that too."""
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table.quoted})")  # noqa: S608 - a table's name
    if cursor.fetchone()[0]:
        return
    cursor.execute(
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_stats s "
        "JOIN pg_namespace n ON n.nspname = s.schemaname "
        "JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname "
        "WHERE c.oid = %s AND a.attname = ANY(%s)",
        [table.oid, list(table.columns)],
    )
    quote = connection.ops.quote_name
    columns = [f"ALTER COLUMN {quote(name)} TYPE {kind}" for name, kind in cursor.fetchall()]
    if columns:
        _run(cursor, f"ALTER TABLE {table.quoted} {', '.join(columns)}")


def _forget_log(cursor: CursorWrapper) -> None:
    """Begin another file of the log, so that the checkpoint needs none of the older ones."""
    try:
        cursor.execute("SELECT pg_switch_wal()")
        cursor.execute("CHECKPOINT")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != NOT_ALLOWED:
            raise


def _run(cursor: CursorWrapper, sql: str) -> None:
    """Raises Held. Names in `sql` are quoted, and nobody's input."""
    try:
        cursor.execute(sql)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) in BUSY:
            raise Held from error
        raise


@contextmanager
def _patience(cursor: CursorWrapper) -> Iterator[None]:
    cursor.execute(f"SET lock_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        cursor.execute("RESET lock_timeout")
