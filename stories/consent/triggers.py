"""Triggers that hold consent events and statements as they were written.

On SQLite a changed field silently drops a table's triggers, so they are installed after every
migration. PostgreSQL's TRUNCATE passes row triggers by, so it has one of its own there.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

HELD = ("stories_consentevent", "stories_statement")
WAYS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
REFUSAL = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "


def name_of(table: str, way: str) -> str:
    return f"{table}_no_{way}"


def _definition(table: str, way: str, vendor: str) -> str:
    """The trigger's SQL, letter by letter as the database's catalogue keeps it."""
    head = f"CREATE TRIGGER {name_of(table, way)} BEFORE {way.upper()} ON {table} "
    if vendor == "sqlite":
        return head + f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    each = "STATEMENT" if way == "truncate" else "ROW"
    return head + f"FOR EACH {each} EXECUTE FUNCTION archive_append_only()"


def _statements(table: str, vendor: str) -> Iterator[str]:
    """The SQL that makes one table append-only. Names are ours, never somebody's input."""
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION archive_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$${REFUSAL}$$"
        )
    on = f" ON {table}" if vendor == "postgresql" else ""
    for way in WAYS[vendor]:
        yield f"DROP TRIGGER IF EXISTS {name_of(table, way)}{on}"
        yield _definition(table, way, vendor)


def install(using: BaseDatabaseWrapper = connection) -> None:
    """Put every trigger in place, whole and switched on. A table not made yet is passed by."""
    tables = using.introspection.table_names()
    absent = missing(using)
    with using.cursor() as cursor:
        for table in HELD:
            if table in tables and any(name_of(table, way) in absent for way in WAYS[using.vendor]):
                for statement in _statements(table, using.vendor):
                    cursor.execute(statement)


def wanted(using: BaseDatabaseWrapper = connection) -> list[str]:
    """Names of the triggers that should be there."""
    return [name_of(table, way) for table in HELD for way in WAYS[using.vendor]]


def missing(using: BaseDatabaseWrapper = connection) -> list[str]:
    """Names of the triggers that are not there, or switched off, or do something else."""
    there = _there(using)
    return [
        name_of(table, way)
        for table in HELD
        for way in WAYS[using.vendor]
        if there.get(name_of(table, way)) != _definition(table, way, using.vendor)
    ]


def _there(using: BaseDatabaseWrapper) -> dict[str, str]:
    """{name: SQL} of the triggers that are switched on, from the database's own catalogue."""
    with using.cursor() as cursor:
        if using.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger "
                "JOIN pg_proc ON pg_proc.oid = tgfoid "
                "WHERE tgenabled IN ('O', 'A') AND prosrc = %s",
                [REFUSAL],
            )
        return dict(cursor.fetchall())


def lift(using: BaseDatabaseWrapper = connection) -> None:
    """Take every trigger away: for a test's emptying, and a migration that has to mend rows."""
    with using.cursor() as cursor:
        for table in HELD:
            for way in WAYS[using.vendor]:
                on = f" ON {table}" if using.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name_of(table, way)}{on}")


def install_after_migrate(using: str = "default", **kwargs) -> None:
    """Receiver of post_migrate."""
    from django.db import connections

    install(connections[using])
