"""The database: every value of every column that can hold text, found by introspection.

Not a list of models: so also sessions, task rows, logs, revisions, search tables, and tables that
nobody remembers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from stories.contributions.asks import Ask
from stories.contributions.versions import StoryVersion
from stories.publishing.scan.layers import layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

PLACE = "database"
BATCH = 500
POSTGRESQL_TEXTS = (
    "text", "character varying", "character", "json", "jsonb", "xml", "bytea", "ARRAY",
    "tsvector", "USER-DEFINED", "name",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """`row`: the SQL that names a row without its content. Names are quoted already."""

    name: str
    quoted: str
    columns: tuple[str, ...]
    selected: tuple[str, ...]
    row: str


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
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(BATCH):
            report.count(PLACE, rows=len(rows))
            for row, *values in rows:
                for column, reader, value in zip(table.columns, readers, values, strict=True):
                    if isinstance(value, (str, bytes, memoryview)) and len(value):
                        where = f"{table.name}.{column}"
                        first, *packed = layers(value)
                        report.add(where, reader.read(first), row, source=source)
                        report.add(where, wanted.in_value(first), row, source=source)
                        for text in packed:
                            report.add(where, Reader(wanted).read(text), row, source=source)


def _tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    if connection.vendor == "sqlite":
        return _sqlite_tables(connection)
    return _postgresql_tables(connection)


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


def _postgresql_tables(connection: BaseDatabaseWrapper) -> Iterator[Table]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c "
            "JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = ANY (current_schemas(false)) AND t.table_type = 'BASE TABLE' "
            "AND c.data_type = ANY (%s) ORDER BY c.table_name, c.ordinal_position",
            [list(POSTGRESQL_TEXTS)],
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in cursor.fetchall():
            as_text = quote(column) if kind == "bytea" else f"{quote(column)}::text"
            found.setdefault(table, []).append((column, as_text))
    for table, columns in found.items():
        names, selected = zip(*columns, strict=True)
        yield Table(table, quote(table), names, selected, "ctid::text")
