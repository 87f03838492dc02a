"""Whether it lives, and whether it can serve: what a proxy and a keeper of containers ask."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from archive import health
from archive.parts import database


@pytest.fixture(autouse=True)
def _just_started(monkeypatch):
    monkeypatch.setattr(health, "_fits", False)


def test_it_serves(client, db):
    assert client.get("/healthz").content == b"ok"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_database_of_another_version_is_no_database(client, db):
    MigrationRecorder(connection).record_applied("stories", "9999_from_tomorrow")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database")
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_away(client, db, monkeypatch, tmp_path):
    away = connection.copy()
    if connection.vendor == "sqlite":
        away.settings_dict["NAME"] = tmp_path / "missing" / "archive.sqlite3"
    else:
        away.settings_dict["PORT"] = 1
    monkeypatch.setattr(health, "connection", away)
    monkeypatch.setattr(database, "connection", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database")


def test_pages_go_on_without_a_broker_or_a_search_server(client, db, settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    assert client.get("/readyz").status_code == 200
