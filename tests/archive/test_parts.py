"""What is wrong with a part is said in words, with what to do, and without a secret."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from archive.parts import PARTS, broker, database, disk, problems
from media_pipeline import api as media
from tests import search_index
from tests.faults import Door
from tests.people import work

WRONG = "not-the-password"
NEWER = ("stories", "9999_from_tomorrow")


@pytest.fixture
def other(monkeypatch) -> Iterator[dict]:
    """Settings of a second connection to the database, which the check then uses."""
    copy = connection.copy()
    monkeypatch.setattr(database, "connection", copy)
    yield copy.settings_dict
    copy.close()


def has_no_secret(said: str) -> bool:
    secrets = [WRONG, settings.SECRET_KEY, settings.DATABASES["default"].get("PASSWORD")]
    secrets += [urlsplit(settings.BROKER_URL).password, settings.ELASTICSEARCH_PASSWORD]
    secrets += [getattr(storages["originals"], "secret_key", None)]
    return not any(secret in said for secret in secrets if secret)


def record(*migration: str) -> None:
    MigrationRecorder(connection).record_applied(*migration)


def test_all_is_well(site):
    call_command("prepare")
    assert problems() == {}


# --- The database ----------------------------------------------------------------------------


@pytest.mark.stack
def test_a_wrong_password(db, other):
    other["PASSWORD"] = WRONG
    said = database.problem()
    assert "does not take our name or password" in said
    assert "DATABASE_PASSWORD" in said
    assert has_no_secret(said)


@pytest.mark.stack
def test_a_database_that_is_missing(db, other):
    other["NAME"] = "nowhere"
    assert "has no database called nowhere" in database.problem()


@pytest.mark.stack
def test_a_database_server_that_is_away(db, other):
    door = Door(f"tcp://{other['HOST']}:{other['PORT']}")
    other["PORT"] = door.port
    assert database.problem() == ""
    database.connection.close()
    door.shut()
    assert f"does not answer at {other['HOST']}:{door.port}" in database.problem()
    door.close()
    assert "does not answer" in database.problem()


@pytest.mark.embedded
def test_a_database_file_that_is_out_of_reach(db, other, tmp_path):
    other["NAME"] = tmp_path / "missing" / "archive.sqlite3"
    assert "DATA_DIR" in database.problem()


def test_a_database_of_a_newer_version(db):
    record(*NEWER)
    said = database.problem()
    assert "newer version" in said
    assert "stories.9999_from_tomorrow" in said
    assert "restore a backup" in said


def test_nothing_is_migrated_on_a_newer_database(db):
    record(*NEWER)
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    with pytest.raises(CommandError, match="newer version"):
        call_command("migrate", verbosity=0)
    applied = MigrationRecorder(connection).applied_migrations()
    assert ("sessions", "0001_initial") not in applied


def test_migrations_that_wait(db):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    said = database.problem()
    assert "1 migration" in said
    assert "manage.py migrate" in said


# --- The broker ------------------------------------------------------------------------------


@pytest.mark.stack
def test_a_wrong_broker_password(settings):
    parts = urlsplit(settings.BROKER_URL)
    place = f"{parts.hostname}:{parts.port}"
    settings.BROKER_URL = f"redis://:{WRONG}@{place}/0"
    said = broker.problem()
    assert said.startswith(f"The broker at {place} does not take our password.")
    assert has_no_secret(said)
    settings.BROKER_URL = f"redis://{place}/0"  # and none at all
    assert "does not take our password" in broker.problem()


@pytest.mark.stack
def test_a_broker_that_is_away(settings):
    parts = urlsplit(settings.BROKER_URL)
    door = Door(f"redis://{parts.hostname}:{parts.port}")
    settings.BROKER_URL = parts._replace(netloc=f":{parts.password}@127.0.0.1:{door.port}").geturl()
    assert broker.problem() == ""
    door.shut()
    assert f"does not answer at 127.0.0.1:{door.port}" in broker.problem()
    door.close()
    said = broker.problem()
    assert "Start it" in said
    assert has_no_secret(said)


# --- Buckets and disks -----------------------------------------------------------------------


@pytest.mark.stack
def test_a_missing_bucket(monkeypatch):
    store = storages["originals"]
    monkeypatch.setattr(store, "bucket_name", "h-nobody-made-this")
    monkeypatch.setattr(store, "_bucket", None)
    said = media.problem()
    assert "h-nobody-made-this is missing" in said
    assert "manage.py prepare" in said
    assert has_no_secret(said)


def test_a_full_disk(monkeypatch):
    monkeypatch.setattr(disk, "FLOOR_BYTES", 10**18)
    said = disk.problem()
    for name in (*disk.FOLDERS, "JOURNAL_PATH"):
        assert f"{name}: the disk" in said
    assert "Make room" in said


def test_a_folder_that_is_none(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYS_DIR.write_text("in the way")
    assert disk.problem().startswith("KEYS_DIR: we can't write")


# --- All of them -----------------------------------------------------------------------------


def test_every_problem_is_said_not_only_the_first(db, monkeypatch):
    monkeypatch.setattr(disk, "FLOOR_BYTES", 10**18)
    record(*NEWER)
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_parts", "disk", "database", stderr=said)
    assert end.value.code == 1
    assert "disk: DATA_DIR" in said.getvalue()
    assert "database: The database was made by a newer version" in said.getvalue()


def test_a_check_that_breaks_does_not_hide_the_others(db, monkeypatch):
    def breaks() -> str:
        raise RuntimeError("words of somebody's story")

    monkeypatch.setitem(PARTS, "disk", breaks)
    record(*NEWER)
    said = problems(["disk", "database"])
    assert said["disk"] == "Could not be looked at: RuntimeError."
    assert "newer" in said["database"]


def test_a_part_that_is_none(db):
    with pytest.raises(CommandError, match="no part called lift"):
        call_command("check_parts", "lift")


def test_preparing_twice_changes_nothing(site):
    call_command("prepare")
    call_command("prepare")
    assert problems(["buckets", "index"]) == {}


@pytest.mark.stack
def test_an_index_that_had_to_be_made_anew_is_said_to_be_empty(contributor, moderator):
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    work()
    said = StringIO()
    call_command("prepare", stdout=said)
    assert said.getvalue() == ""
    search_index.delete()
    call_command("prepare", stdout=said)
    assert "manage.py rebuild_search" in said.getvalue()
    call_command("rebuild_search", stdout=said)
    assert "1 stories can be found." in said.getvalue()
