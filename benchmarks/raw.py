"""What a step costs at least: the same work asked of the same engine with nothing of ours between.

Each figure stands beside one of ours in the table (engines.py).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from benchmarks.clock import Clock
from tests import recordings

NAME = "benchmark"


def measure(clock: Clock, rounds: int, words: str) -> None:
    on_s3 = hasattr(storages["originals"], "bucket_name")
    for _ in range(rounds):
        (store_on_s3 if on_s3 else store_in_folder)(clock)
    if settings.SEARCH_ENGINE == "elasticsearch":
        search_on_server(clock, rounds, words)
    else:
        search_in_file(clock, rounds, words)
    for _ in range(rounds):
        one_row(clock)


def store_in_folder(clock: Clock) -> None:
    """A rename within the disk, as of a file that Django has taken in."""
    sent = Path(settings.FILE_UPLOAD_TEMP_DIR) / secrets.token_hex(8)
    sent.write_bytes(recordings.sound("mp3", 5).read_bytes())
    folder = Path(storages["originals"].location) / secrets.token_hex(8)
    with clock.time("raw: store"):
        folder.mkdir(parents=True)
        os.replace(sent, folder / "file")


def store_on_s3(clock: Clock) -> None:
    """Into the bucket for what comes in, over to the originals by the server itself, and out."""
    from media_pipeline import buckets

    incoming, originals = storages["incoming"], storages["originals"]
    client = buckets.client(incoming)
    source = {"Bucket": incoming.bucket_name, "Key": NAME}
    path = str(recordings.sound("mp3", 5))
    with clock.time("raw: store"):
        client.upload_file(path, incoming.bucket_name, NAME)
        client.copy_object(CopySource=source, Bucket=originals.bucket_name, Key=NAME)
    with clock.time("raw: leave incoming"):
        client.delete_object(**source)


def search_on_server(clock: Clock, rounds: int, words: str) -> None:
    """The same document and mapping, in an index beside ours."""
    from search import api as search
    from search.engines import elastic_mapping as ours
    from search.engines.elastic_client import WRITING, client

    server, index = client(WRITING), f"{settings.ELASTICSEARCH_INDEX}-{NAME}"
    document = search.Document(NAME, "A plain title", passages=search.cut_text([words]))
    server.indices.create(index=index, settings=ours.SETTINGS, mappings=ours.MAPPING)
    try:
        for number in range(rounds):
            said = {"index": index, "id": f"{NAME}-{number}", "refresh": True}
            with clock.time("raw: search put"):
                server.index(document=ours.as_stored(document, 1), **said)
            with clock.time("raw: search remove"):
                server.index(document=ours.TOMBSTONE, **said)
    finally:
        server.indices.delete(index=index)


def search_in_file(clock: Clock, rounds: int, words: str) -> None:
    """The same three FTS5 tables, in a database file beside ours, a transaction a document."""
    from search import api as search

    tables = {
        "document": "tokenize='porter unicode61 remove_diacritics 2'",
        "passage": "tokenize='porter unicode61 remove_diacritics 2'",
        "word": "tokenize='unicode61 remove_diacritics 2', prefix='2 3'",
    }
    passages = search.cut_text([words])
    path = Path(settings.DATA_DIR) / f"{NAME}.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")
        file.execute("PRAGMA secure_delete=ON")
        for table, options in tables.items():
            file.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(title, body, {options})")
        for number in range(rounds):
            with clock.time("raw: search put"):
                file.execute("BEGIN IMMEDIATE")
                for table in tables:
                    rows = [each.text for each in passages] if table == "passage" else [words]
                    for at, text in enumerate(rows):
                        file.execute(
                            f"INSERT INTO {table}(rowid, title, body) VALUES (?, ?, ?)",  # noqa: S608
                            [number * 1000 + at, "A plain title", text],
                        )
                file.execute("COMMIT")
            with clock.time("raw: search remove"):
                file.execute("BEGIN IMMEDIATE")
                for table in tables:
                    file.execute(
                        f"DELETE FROM {table} WHERE rowid BETWEEN ? AND ?",  # noqa: S608
                        [number * 1000, number * 1000 + 999],
                    )
                file.execute("COMMIT")
    path.unlink()


def one_row(clock: Clock) -> None:
    """A transaction that changes one row: what every decision costs the database at least."""
    with clock.time("raw: one row committed"), connection.cursor() as cursor:
        cursor.execute("UPDATE django_content_type SET model = model WHERE id = 1")
