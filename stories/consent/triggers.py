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


def name_of(table: str, way: str) -> str:
    return f"{table}_no_{way}"


def _statements(table: str, vendor: str) -> Iterator[str]:
    """The SQL that makes one table append-only. Names are ours, never somebody's input."""
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION archive_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for way in WAYS[vendor]:
        name = name_of(table, way)
        if vendor == "sqlite":
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {way.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        else:
            each = "STATEMENT" if way == "truncate" else "ROW"
            yield (
                f"CREATE OR REPLACE TRIGGER {name} BEFORE {way.upper()} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION archive_append_only()"
            )


def install(using: BaseDatabaseWrapper = connection) -> None:
    """Put every trigger in place; those that are there stay. A table not made yet is passed by."""
    tables = using.introspection.table_names()
    with using.cursor() as cursor:
        for table in HELD:
            if table in tables:
                for statement in _statements(table, using.vendor):
                    cursor.execute(statement)


def missing(using: BaseDatabaseWrapper = connection) -> list[str]:
    """Names of the triggers that should be there and are not, or are switched off."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }[using.vendor]
    with using.cursor() as cursor:
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    wanted = [name_of(table, way) for table in HELD for way in WAYS[using.vendor]]
    return [name for name in wanted if name not in there]


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
