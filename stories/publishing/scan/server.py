"""What a PostgreSQL server's settings let it keep of deleted words, in sentences for staff.

Its files can't be read from here: traces.py has tables written anew and the log cut. Here stands
what keeps that from being the whole truth. Meanings: PostgreSQL's documentation, chapter 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

FILES = (
    "The files of the database server can't be looked into from here. Before a receipt says that "
    "a story is gone, its tables are written anew, and the log is cut."
)
NO_CHECKPOINT = (
    "The database server's log still holds deleted words, until its file is full and a checkpoint "
    "has passed: the site may not make one. Let somebody who administers the server type: "
    "GRANT pg_checkpoint TO {role}; GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {role};"
)
# What a setting should be, and what it does else.
SETTINGS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    (
        "wal_recycle",
        lambda value: value == "off",
        "keeps old files of its log for reuse, with deleted words in them: wal_recycle = off",
    ),
    (
        "wal_keep_size",
        lambda value: value == "0",
        "keeps old files of its log for standby servers: wal_keep_size says how much",
    ),
    (
        "archive_mode",
        lambda value: value == "off",
        "archives its log: what it archived is a backup, and has to be let go of in its time",
    ),
    (
        "log_min_error_statement",
        lambda value: value in {"fatal", "panic"},
        "writes what could not be stored into its own log, with its words: "
        "log_min_error_statement = panic",
    ),
    (
        "log_error_verbosity",
        lambda value: value == "terse",
        "writes rows that it refused into its own log: log_error_verbosity = terse",
    ),
    (
        "log_statement",
        lambda value: value in {"none", "ddl"},
        "writes every change into its own log, with its words: log_statement = none",
    ),
    (
        "log_min_duration_statement",
        lambda value: value == "-1",
        "writes slow statements into its own log, with their words: "
        "log_min_duration_statement = -1",
    ),
    (
        "track_counts",
        lambda value: value == "on",
        "does not count what is deleted, so nobody knows when to clean up: track_counts = on",
    ),
)


def notes(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Everything about the server that somebody should know who reads a report."""
    yield FILES
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, has_function_privilege('pg_switch_wal()', 'EXECUTE') AND EXISTS "
            "(SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))"
        )
        role, may = cursor.fetchone()
        if not may:
            yield NO_CHECKPOINT.format(role=role)
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)",
            [[name for name, _, _ in SETTINGS]],
        )
        now = dict(cursor.fetchall())
        cursor.execute("SELECT EXISTS (SELECT FROM pg_replication_slots)")
        [has_followers] = cursor.fetchone()
    for name, is_well, what in SETTINGS:
        if not is_well(now.get(name, "")):
            yield f"The database server {what}."
    if has_followers:
        yield "Other servers follow the database server, and its log waits for the slowest."
