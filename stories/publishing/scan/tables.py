"""The database: every value of every column that can hold text, found by introspection.

Not a list of models: so also sessions, task rows, logs, revisions, search tables, and tables that
nobody remembers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from stories.contributions.asks import Ask
from stories.contributions.versions import StoryVersion
from stories.publishing.scan.layers import layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

PLACE = "database"
BATCH = 500
# PostgreSQL's groups of types that hold no words: true or false, dates, shapes, addresses on a
# network, numbers, spans of time, bits. What is in none of them is read.
WITHOUT_WORDS = ["B", "D", "G", "I", "N", "T", "V"]


@dataclass(frozen=True)
class Table:
    """`row`: the SQL that names a row without its content. Names are quoted already.

    `oid`: PostgreSQL's number for it.
    """

    name: str
    quoted: str
    columns: tuple[str, ...]
    selected: tuple[str, ...]
    row: str
    oid: int = 0


def source_tables() -> frozenset[str]:
    """Where a story's words stand until it is destroyed."""
    models: list[type[Model]] = [StoryVersion, Ask]
    models += apps.get_app_config("media_pipeline").get_models()
    return frozenset(model._meta.db_table for model in models)


def scan_tables(wanted: Wanted, report: Report) -> None:
    sources = source_tables()
    for connection in connections.all():
        for table in _tables(connection):
            report.count(PLACE, tables=1, columns=len(table.columns))
            _scan_table(connection, table, wanted, report, source=table.name in sources)


def _scan_table(
    connection: BaseDatabaseWrapper, table: Table, wanted: Wanted, report: Report, *, source: bool
) -> None:
    # One reader a column: a transcript's lines follow each other in rows of their own.
    readers = [Reader(wanted) for _ in table.columns]
    sql = f"SELECT {', '.join([table.row, *table.selected])} FROM {table.quoted}"  # noqa: S608
    with _held(connection), connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(BATCH):
            report.count(PLACE, rows=len(rows))
            for row, *values in rows:
                for column, reader, value in zip(table.columns, readers, values, strict=True):
                    where = f"{table.name}.{column}"
                    for one in _texts(value):
                        first, *packed = layers(one)
                        report.add(where, reader.read(first), row, source=source)
                        report.add(where, wanted.in_value(first), row, source=source)
                        for text in packed:
                            report.add(where, Reader(wanted).read(text), row, source=source)


def _held(connection: BaseDatabaseWrapper) -> AbstractContextManager:
    """PostgreSQL would copy a whole table aside to read it in pieces outside a transaction; on
    SQLite a transaction would keep everybody else from writing."""
    if connection.vendor == "postgresql":
        return transaction.atomic(using=connection.alias)
    return nullcontext()


def _texts(value: object) -> Iterator[str | bytes | memoryview]:
    """A value's texts; a list's one by one."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, (str, bytes, memoryview)) and len(value):
        yield value


def _tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    if connection.vendor == "sqlite":
        return _sqlite_tables(connection)
    return postgresql_tables(connection)


def _sqlite_tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    """Full-text tables keep their rows in ordinary tables beside them, which are read here; what
    an index says is read by index.py. Any SQLite column can hold text, whatever it was declared.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
        tables = [(name, sql or "") for name, sql in cursor.fetchall()]
        for name, sql in tables:
            if sql.upper().startswith("CREATE VIRTUAL"):
                continue
            cursor.execute(f"SELECT name FROM pragma_table_info({_literal(name)})")  # noqa: S608
            columns = tuple(row[0] for row in cursor.fetchall())
            # A plus makes it an expression, so that the value comes as it is stored.
            selected = tuple(f"+{quote(column)}" for column in columns)
            without = "WITHOUT ROWID" in sql.upper().replace("\n", " ")
            yield Table(name, quote(name), columns, selected, "''" if without else "rowid")


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def postgresql_tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    """In every schema but the server's own, and copies that a materialized view keeps."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid, n.nspname, c.relname, a.attname, t.typname, t.typcategory "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid "
            "WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
            "AND n.nspname NOT LIKE 'pg_toast%%' AND a.attnum > 0 AND NOT a.attisdropped "
            "AND t.typcategory <> ALL (%s) AND t.typname <> 'uuid' "
            "ORDER BY n.nspname, c.relname, a.attnum",
            [WITHOUT_WORDS],
        )
        rows = cursor.fetchall()
    for (oid, schema, name), columns in groupby(rows, key=lambda row: row[:3]):
        selected = {
            column: quote(column) if kind == "bytea" or group == "A" else f"{quote(column)}::text"
            for *_, column, kind, group in columns
        }
        full = f"{quote(schema)}.{quote(name)}"
        known = name if schema == "public" else f"{schema}.{name}"
        yield Table(known, full, tuple(selected), tuple(selected.values()), "ctid::text", oid)
