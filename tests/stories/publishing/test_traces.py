"""What was deleted leaves the database's own files: every byte of the server's folder is read."""

from __future__ import annotations

import os
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from stories.contributions.models import Contribution
from stories.publishing import traces
from stories.publishing.traces import scrub_database
from tests.people import work

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def invented() -> str:
    """A word that nobody has written before."""
    return "".join(secrets.choice(LETTERS) for _ in range(16))


def many_words(word: str) -> str:
    """Long enough to be kept apart from its row, and too mixed to be packed."""
    mixed = random.Random(word)  # noqa: S311 - not a secret
    words = ["".join(mixed.choices(LETTERS, k=9)) for _ in range(900)]
    return " ".join([*words[:450], word, *words[450:]])


def files_with(word: str) -> list[str]:
    """Every file of the database server that holds these bytes, in any of its databases."""
    folder = Path(os.environ["DATABASE_PASSWORD_FILE"]).parents[1] / "postgresql"
    found = []
    # Not rglob, which stumbles over the folder of another test's database that went meanwhile.
    for path in (Path(where, name) for where, _, names in os.walk(folder) for name in names):
        try:
            # Not mapped: a file that the server shortens meanwhile would end this process.
            if path.is_file() and word.encode() in path.read_bytes():
                found.append(str(path.relative_to(folder)))
        except FileNotFoundError:
            continue
    return found


def run(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def planted(site) -> Iterator[str]:
    """A table with a word in a row, an index, a long value and the planner's notes."""
    word = invented()
    run("CREATE TABLE planted (short varchar(100), long text, packed jsonb)")
    run("CREATE INDEX ON planted (short)")
    for number in range(3):
        run(
            "INSERT INTO planted VALUES (%s, %s, jsonb_build_object('said', %s::text))",
            f"{word} {number}",
            many_words(word),
            word,
        )
    run("ANALYZE planted")
    run("CHECKPOINT")
    yield word
    run("DROP TABLE planted")


def scrubbed() -> bool:
    """As its callers do: again, where PostgreSQL's own tidying had a table just then."""
    return any(scrub_database() for _ in range(6))


def place(table: str) -> int:
    """The number of the file that a table is in."""
    return run("SELECT pg_relation_filenode(%s::regclass)", table)[0][0]


@pytest.mark.stack
@pytest.mark.parametrize("some_stay", [True, False])
def test_deleted_words_are_in_no_file_of_the_server(planted, some_stay):
    # The log too, unless another test's checkpoint has just taken that part of it away.
    kinds = [name.partition("/")[0] for name in files_with(planted)]
    assert kinds.count("base") >= 4  # table, index, long values, notes
    assert set(kinds) <= {"base", "pg_wal"}
    run("DELETE FROM planted")
    if some_stay:
        run("INSERT INTO planted VALUES ('still here')")
    assert files_with(planted)
    assert scrubbed()
    assert files_with(planted) == []


@pytest.mark.stack
def test_a_story_that_was_destroyed_is_in_no_file_of_the_server(contributor, moderator, stranger):
    word = invented()
    contributor.tell(f"About {word}", many_words(word), email=f"{word}@example.org")
    moderator.approve(moderator.waiting()[0])
    work()
    assert word in stranger.client.get(stranger.stories()[0]).content.decode()
    run("ANALYZE")
    run("CHECKPOINT")
    kinds = {name.partition("/")[0] for name in files_with(word)}
    assert "base" in kinds
    assert kinds <= {"base", "pg_wal"}
    contributor.take_down()
    work()
    assert files_with(word)  # it is kept for some days
    contributor.client.post("/my-story/destroy/")
    work()
    assert Contribution.objects.get().state == "erased"
    assert files_with(word) == []


@pytest.fixture
def somebody(site, monkeypatch) -> Iterator[BaseDatabaseWrapper]:
    """Another connection, in a transaction of its own."""
    monkeypatch.setattr(traces, "WAIT_SECONDS", 1)
    other = connection.copy()
    other.set_autocommit(False)
    yield other
    other.rollback()
    other.close()


@pytest.mark.stack
def test_an_older_reader_is_not_taken_for_done(planted, somebody):
    """It has let go of the table, and could still ask for the rows as they were."""
    with somebody.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM stories_purpose")
    run("DELETE FROM planted")
    assert not scrub_database()
    assert files_with(planted)
    somebody.rollback()
    assert scrubbed()
    assert files_with(planted) == []


@pytest.mark.stack
def test_a_reader_who_came_meanwhile_is_not_taken_for_done(planted, somebody, monkeypatch):
    """It could still read the planner's notes of common values."""
    strike, came = traces._forget_values, []

    def somebody_comes(cursor, table):
        came.append(table)
        with somebody.cursor() as reading:
            reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reading.execute("SELECT count(*) FROM stories_purpose")
        monkeypatch.setattr(traces, "_forget_values", strike)
        return strike(cursor, table)

    run("DELETE FROM planted")
    monkeypatch.setattr(traces, "_forget_values", somebody_comes)
    assert not scrub_database()
    # Where PostgreSQL's own tidying was in the way, nothing was struck, and nobody has come yet.
    assert came or not scrubbed()
    assert came
    assert files_with(planted)
    somebody.rollback()
    assert scrubbed()
    assert files_with(planted) == []


@pytest.mark.stack
def test_nobody_waits_long_for_a_table_that_somebody_holds(planted, somebody):
    run("DELETE FROM planted")
    with somebody.cursor() as cursor:
        cursor.execute("INSERT INTO planted VALUES ('not done yet')")
    waited = []

    def look() -> None:
        began = time.monotonic()
        run("SELECT count(*) FROM planted")
        waited.append(time.monotonic() - began)
        connection.close()

    ends = threading.Event()

    def visit() -> None:
        while not ends.is_set():
            look()

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        assert not scrub_database()
    finally:
        ends.set()
        visitor.join()
    assert max(waited) < 2 * traces.PATIENCE_MS / 1000
    somebody.rollback()
    assert scrubbed()
    assert files_with(planted) == []


@pytest.mark.stack
def test_nothing_is_written_anew_when_nothing_was_deleted(planted, clock):
    """What was only written over waits for a day; a table that was only added to, for ever."""
    run("DELETE FROM planted")
    assert scrubbed()
    first = place("planted"), place("stories_purpose")
    run("INSERT INTO planted VALUES ('another')")
    run("UPDATE planted SET short = 'changed'")
    run("INSERT INTO stories_purpose SELECT 'new', asked FROM stories_purpose LIMIT 0")
    assert scrubbed()
    assert (place("planted"), place("stories_purpose")) == first
    clock.set(days=1.1)
    assert scrubbed()
    assert place("planted") != first[0]
    assert place("stories_purpose") == first[1]


@pytest.mark.stack
def test_words_of_stories_do_not_wait_for_a_day(planted):
    run("DELETE FROM planted")
    assert scrubbed()
    run("INSERT INTO planted VALUES ('another')")
    run("DELETE FROM planted")
    before = place("planted")
    assert scrubbed()
    assert place("planted") == before
    Contribution.begin()
    run(
        "INSERT INTO stories_ask (key, contribution_id, purpose, recipient, use, words, state, "
        "asked_at) SELECT gen_random_uuid(), id, '', '', '', '', 'open', now() "
        "FROM stories_contribution"
    )
    run("DELETE FROM stories_ask")
    assert scrubbed()
    assert place("planted") != before


def test_it_refuses_inside_a_transaction(site):
    with pytest.raises(TransactionManagementError), transaction.atomic():
        scrub_database()


@pytest.mark.embedded
def test_the_log_of_sqlite_is_emptied_where_search_is_elsewhere(site, settings):
    settings.SEARCH_ENGINE = "elasticsearch"
    file = Path(connection.settings_dict["NAME"])
    log, word = file.with_name(f"{file.name}-wal"), invented().encode()
    run("CREATE TABLE planted (said TEXT)")
    run("INSERT INTO planted VALUES (%s)", word.decode())
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM planted").fetchall()
        run("DROP TABLE planted")
        began = time.monotonic()
        assert not scrub_database()
        assert time.monotonic() - began < 10
        assert word in log.read_bytes()
        reader.execute("COMMIT")
        assert scrubbed()
    assert word not in log.read_bytes() + file.read_bytes()
