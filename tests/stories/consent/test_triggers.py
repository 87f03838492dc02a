"""Records and statements are held by the database itself, on SQLite and on PostgreSQL."""

# The tables' names are ours.
# ruff: noqa: S608

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler, OperationalError

from stories.consent import triggers
from stories.consent.events import ConsentEvent
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.record import Answer, record

EVENTS, STATEMENTS = triggers.HELD


def refused(using: BaseDatabaseWrapper, sql: str) -> None:
    """The database itself says no, and says why."""
    with pytest.raises(DatabaseError, match="append-only"), using.cursor() as cursor:
        cursor.execute(sql)


# The site's own database, whichever it is


@pytest.fixture
def event(site) -> ConsentEvent:
    return record(uuid.uuid4(), Answer(current_statement("site_search"), "yes"))


def test_a_record_can_not_be_changed_or_deleted_by_any_way(event):
    refused(connection, f"UPDATE {EVENTS} SET allows = 9")
    refused(connection, f"DELETE FROM {EVENTS}")
    for change in (
        lambda: ConsentEvent.objects.update(event_state="ConsentGiven"),
        lambda: ConsentEvent.objects.all().delete(),
        lambda: ConsentEvent.objects.bulk_update([event], ["allows"]),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert ConsentEvent.objects.get() == event


@pytest.mark.parametrize("clash", ["id", "number", "record_id"])
def test_a_record_can_not_be_replaced(event, clash):
    """INSERT OR REPLACE deletes silently; only recursive triggers see it. PostgreSQL updates."""
    columns = [field.column for field in ConsentEvent._meta.concrete_fields]
    another = "'another'" if connection.vendor == "sqlite" else "gen_random_uuid()"
    new = {"id": "id + 1", "number": "number + 1", "record_id": another, "allows": "9"}
    values = [new[column] if column in new and column != clash else column for column in columns]
    rows = f"({', '.join(columns)}) SELECT {', '.join(values)} FROM {EVENTS}"
    if connection.vendor == "sqlite":
        refused(connection, f"INSERT OR REPLACE INTO {EVENTS} {rows}")
    else:
        over = f"ON CONFLICT ({clash}) DO UPDATE SET allows = excluded.allows"
        refused(connection, f"INSERT INTO {EVENTS} {rows} {over}")
    assert ConsentEvent.objects.get().allows == 1


@pytest.mark.stack
@pytest.mark.parametrize("table", triggers.HELD)
def test_a_table_can_not_be_emptied_at_once(event, table):
    refused(connection, f"TRUNCATE {table} CASCADE")
    # Emptying another table takes those along that point at it.
    refused(connection, "TRUNCATE stories_purpose CASCADE")
    assert ConsentEvent.objects.get() == event


def test_a_statement_is_held_too(site):
    refused(connection, f"UPDATE {STATEMENTS} SET text = 'Something else.'")
    refused(connection, f"DELETE FROM {STATEMENTS}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(scope=2)


def alter_a_field() -> None:
    """What a migration does. On SQLite the table is built anew, and its triggers are gone."""
    old = ConsentEvent._meta.get_field("jurisdiction")
    new = models.CharField(max_length=41, default="GB-SCT")
    new.set_attributes_from_name("jurisdiction")
    new.model = ConsentEvent
    with connection.schema_editor() as editor:
        editor.alter_field(ConsentEvent, old, new)
    with connection.schema_editor() as editor:
        editor.alter_field(ConsentEvent, new, old)


@pytest.mark.parametrize("mend", [triggers.install, lambda: call_command("migrate", verbosity=0)])
def test_a_changed_field_drops_the_triggers_and_it_is_noticed_and_mended(event, mend):
    assert triggers.missing() == []
    alter_a_field()
    lost = [f"{EVENTS}_no_update", f"{EVENTS}_no_delete"] if connection.vendor == "sqlite" else []
    assert triggers.missing() == lost
    mend()
    assert triggers.missing() == []
    refused(connection, f"UPDATE {EVENTS} SET allows = 9")


DOES_NOTHING = {
    "sqlite": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END",
    "postgresql": (
        "CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false) "
        "EXECUTE FUNCTION archive_append_only()"
    ),
}


def test_a_trigger_that_does_nothing_counts_as_missing(site):
    name = f"{STATEMENTS}_no_update"
    on = "" if connection.vendor == "sqlite" else f" ON {STATEMENTS}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
        cursor.execute(DOES_NOTHING[connection.vendor].format(name=name, table=STATEMENTS))
    assert triggers.missing() == [name]
    triggers.install()
    assert triggers.missing() == []


# PostgreSQL where the site's database is SQLite: a cluster of its own, thrown away afterwards


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """The folder in which a running server has its socket. It listens nowhere else."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.fail("PostgreSQL is missing. Run make test, which installs it.")
    programs = found[-1].parent
    # Short, because a socket's path may have 107 characters; and not below pytest's own folder,
    # which only its owner may enter: PostgreSQL refuses to run as root.
    room = Path(tempfile.mkdtemp(prefix="pg-"))
    other = []
    if os.geteuid() == 0:
        shutil.chown(room, "postgres", "postgres")
        other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = room / "data"
    subprocess.run(
        [
            *other,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "archive",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
        ],
        check=True,
        cwd=room,
        stdout=subprocess.DEVNULL,
    )
    log = (room / "log").open("wb")
    server = subprocess.Popen(
        [*other, programs / "postgres", "-D", data, "-k", room, "-h", "", "-F"],
        cwd=room,
        stdout=log,
        stderr=log,
    )
    yield room
    server.send_signal(signal.SIGINT)
    server.wait(timeout=30)
    log.close()
    shutil.rmtree(room)


@pytest.fixture
def postgres(cluster: Path, django_db_blocker) -> Iterator[BaseDatabaseWrapper]:
    """A connection to the real thing, with the tables as Django makes them, and the triggers."""
    with django_db_blocker.unblock():
        one = ConnectionHandler(
            {
                "default": {
                    "ENGINE": "django.db.backends.postgresql",
                    "HOST": str(cluster),
                    "NAME": "postgres",
                    "USER": "archive",
                }
            }
        )["default"]
        _wait_for(one, cluster / "log")
        tables = (Purpose, Statement, ConsentEvent)
        with one.schema_editor() as editor:
            for model in tables:
                editor.create_model(model)
        triggers.install(one)
        _add_rows(one)
        yield one
        with one.schema_editor() as editor:
            for model in reversed(tables):
                editor.delete_model(model)
        one.close()


def _wait_for(one: BaseDatabaseWrapper, log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            return one.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                pytest.fail(log.read_text())
            time.sleep(0.1)


def _add_rows(one: BaseDatabaseWrapper) -> None:
    statement = Statement(purpose_id="site_search", version=1, question="May we?", text="If yes …")
    statement.sha256 = statement.fingerprint()
    event = ConsentEvent(
        number=1,
        pii_principal_id=uuid.uuid4(),
        purpose_id="site_search",
        statement_id=1,
        event_state="ConsentGiven",
        allows=1,
    )
    with one.cursor() as cursor:
        for row in (Purpose(slug="site_search", asked="before"), statement, event):
            fields = [field for field in row._meta.concrete_fields if field.column != "id"]
            names = ", ".join(f'"{field.column}"' for field in fields)
            cursor.execute(
                f"INSERT INTO {row._meta.db_table} ({names}) "
                f"VALUES ({', '.join(['%s'] * len(fields))})",
                [field.get_db_prep_save(field.pre_save(row, True), one) for field in fields],
            )


@pytest.mark.embedded
@pytest.mark.parametrize("table", triggers.HELD)
def test_postgresql_refuses_every_way(postgres, table):
    column = {EVENTS: "allows", STATEMENTS: "scope"}[table]
    refused(postgres, f"UPDATE {table} SET {column} = 9")
    refused(postgres, f"DELETE FROM {table}")
    refused(postgres, f"TRUNCATE {table} CASCADE")
    # Emptying another table takes those along that point at it.
    refused(postgres, "TRUNCATE stories_purpose CASCADE")
    with postgres.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.embedded
@pytest.mark.parametrize(
    "harm",
    [
        "DROP TRIGGER {name} ON {table}",
        "ALTER TABLE {table} DISABLE TRIGGER {name}",
        "ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}",
        "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
        "WHEN (false) EXECUTE FUNCTION archive_append_only()",
    ],
)
def test_postgresql_names_a_trigger_that_does_not_hold_and_mends_it(postgres, harm):
    assert triggers.missing(postgres) == []
    name = f"{EVENTS}_no_update"
    with postgres.cursor() as cursor:
        cursor.execute(harm.format(name=name, table=EVENTS))
    assert triggers.missing(postgres) == [name]
    triggers.install(postgres)
    assert triggers.missing(postgres) == []
    refused(postgres, f"UPDATE {EVENTS} SET allows = 9")


@pytest.mark.embedded
def test_postgresql_names_all_when_their_function_was_emptied(postgres):
    with postgres.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION archive_append_only() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )
    assert triggers.missing(postgres) == triggers.wanted(postgres)
    triggers.install(postgres)
    refused(postgres, f"DELETE FROM {EVENTS}")
