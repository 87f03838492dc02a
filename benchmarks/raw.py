"""A step beside the same work asked of its engine directly, by turns on the same input.

Both are timed here, under "ours: …" and "raw: …"; engines.py sets them side by side.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from benchmarks.clock import Clock
from media_pipeline import originals, storage
from media_pipeline.models import MediaAsset
from search import api as search
from stories.contributions import keys
from tests import recordings

NAME = "benchmark"


def measure(clock: Clock, rounds: int, words: str) -> None:
    on_s3 = hasattr(storages["originals"], "bucket_name")
    for _ in range(rounds):
        sent, owner = _sent(), uuid.uuid4()
        keys.create(owner)
        with clock.time("ours: store"), originals.kept(MediaAsset(), sent, owner):
            pass
        sent.unlink()
        (store_on_s3 if on_s3 else store_in_folder)(clock, _sent())
    document = search.Document("", "A plain title", passages=search.cut_text([words]))
    if settings.SEARCH_ENGINE == "elasticsearch":
        search_on_server(clock, rounds, document)
    else:
        search_in_file(clock, rounds, document)


def _sent() -> Path:
    """A recording as Django has taken it in."""
    path = Path(settings.FILE_UPLOAD_TEMP_DIR) / secrets.token_hex(8)
    shutil.copyfile(recordings.sound("mp3", 5), path)
    return path


def store_in_folder(clock: Clock, sent: Path) -> None:
    """A copy with its hash, safely on the disk; in plain."""
    folder = Path(storages["originals"].location) / secrets.token_hex(8)
    with clock.time("raw: store"):
        storage.sha256(sent)
        folder.mkdir(parents=True)
        with sent.open("rb") as source, (folder / "file").open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
    sent.unlink()


def store_on_s3(clock: Clock, sent: Path) -> None:
    """Its hash, and straight into the bucket; in plain."""
    from media_pipeline import buckets

    store = storages["originals"]
    with clock.time("raw: store"):
        storage.sha256(sent)
        buckets.client(store).upload_file(str(sent), store.bucket_name, NAME)
    sent.unlink()


def search_on_server(clock: Clock, rounds: int, document: search.Document) -> None:
    """The same document and mapping, in an index beside ours."""
    from search.engines import elastic_mapping as ours
    from search.engines.elastic_client import WRITING, client

    server, index = client(WRITING), f"{settings.ELASTICSEARCH_INDEX}-{NAME}"
    server.indices.create(index=index, settings=ours.SETTINGS, mappings=ours.MAPPING)
    stored = ours.as_stored(document, 1)
    try:
        for number in range(rounds):
            said = {"index": index, "id": f"{NAME}-{number}", "refresh": True}
            for what, change in _changes(document, number):
                with clock.time(f"ours: {what}"):
                    change()
                with clock.time(f"raw: {what}"):
                    server.index(document=stored if "put" in what else ours.TOMBSTONE, **said)
    finally:
        server.indices.delete(index=index)


def search_in_file(clock: Clock, rounds: int, document: search.Document) -> None:
    """The same statements, sent by Python's own sqlite3 to a copy of the database."""
    for number in range(rounds):
        for what, change in _changes(document, number):
            with clock.time(f"ours: {what}"):
                change()
        with _copy_of_database() as copy:
            for what, change in _changes(document, rounds + number):
                with _statements() as said:
                    change()
                with clock.time(f"raw: {what}"):
                    copy.execute("BEGIN IMMEDIATE")
                    for sql, values in said:
                        copy.execute(sql, values).fetchall()
                    copy.execute("COMMIT")


@contextmanager
def _copy_of_database() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        path = Path(folder) / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
            yield copy


def _changes(document: search.Document, number: int) -> list[tuple[str, Callable[[], object]]]:
    fresh = replace(document, id=f"{NAME}-{number}")
    return [
        ("search put", lambda: search.put(fresh, 1)),
        ("search remove", lambda: search.remove(fresh.id, 2)),
    ]


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """What Django sends meanwhile, in sqlite3's own spelling."""
    said: list[tuple[str, Any]] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith("BEGIN"):
            said.append((sql.replace("%s", "?"), params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield said
