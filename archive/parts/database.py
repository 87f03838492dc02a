"""The database: there, ours to use, and made by this version of the code."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

NEWER = (
    "The database was made by a newer version of the site ({names}). "
    "Run that version, or restore a backup from before it."
)
UNMIGRATED = "The database waits for {number}. Type: manage.py migrate"


def problem() -> str:
    return unreachable() or newer() or _unmigrated()


def unreachable() -> str:
    try:
        connection.ensure_connection()
        return ""
    except DatabaseError as error:
        if connection.vendor == "postgresql":
            return _why_not(error)
        return (
            f"The database file {connection.settings_dict['NAME']} can't be opened. "
            "Its folder, DATA_DIR, should be there and be ours."
        )


def newer() -> str:
    """What applied migrations say that this code does not know."""
    known = _loader().disk_migrations
    replaced = {key for migration in known.values() for key in migration.replaces}
    unknown = _applied() - known.keys() - replaced
    if not unknown:
        return ""
    names = sorted(".".join(key) for key in unknown)
    return NEWER.format(names=", ".join(names[:3]) + (" …" if len(names) > 3 else ""))


def _unmigrated() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    number = "1 migration" if len(waiting) == 1 else f"{len(waiting)} migrations"
    return UNMIGRATED.format(number=number) if waiting else ""


def _loader() -> MigrationLoader:
    # Without a connection: what an unknown migration does to the graph is not asked for.
    return MigrationLoader(None, ignore_no_migrations=True)


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _why_not(error: DatabaseError) -> str:
    """PostgreSQL says why in its own language only, so the same is asked in another way."""
    from psycopg import Error, connect

    asked = connection.get_connection_params()
    place = f"{asked.get('host', 'localhost')}:{asked.get('port', 5432)}"
    attempt = getattr(error.__cause__, "pgconn", None)
    if attempt is None or not attempt.used_password:
        return (
            f"The database server does not answer at {place}. "
            "Start it, or mend DATABASE_HOST and DATABASE_PORT."
        )
    try:
        connect(
            host=asked.get("host"),
            port=asked.get("port"),
            user=asked.get("user"),
            password=asked.get("password"),
            connect_timeout=5,
            dbname="postgres",  # every server has one of that name
        ).close()
    except Error:
        return (
            f"The database server at {place} does not take our name or password. "
            "Mend DATABASE_USER and DATABASE_PASSWORD."
        )
    return (
        f"The database server at {place} has no database called {asked['dbname']}. "
        "Make it, or mend DATABASE_NAME."
    )
