"""Verification finds what is planted in the servers: their tables, buckets, queues and index."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from search import api as search
from stories.contributions.models import Contribution
from stories.publishing.ledger import Manifest
from stories.publishing.scan import server
from stories.publishing.tick import tick
from tests import recordings
from tests.people import work
from tests.stories.publishing.verifying import ACCENTED, QUOTED, TITLE, WORDS, captions, run, verify


@pytest.mark.stack
def test_words_are_found_in_every_kind_of_column(erased, swept):
    columns = {
        "packed": ("jsonb", json.dumps({"deep": [{"said": ACCENTED}]})),
        "marked": ("xml", f"<p>{QUOTED}</p>"),
        "many": ("text[]", ["nothing", QUOTED]),
        "many_bytes": ("bytea[]", [b"nothing", QUOTED.encode()]),
        "many_deep": ("text[][]", [["a", "b"], ["c", QUOTED]]),
        "own": ("elsewhere.words", QUOTED),
        "pair": ("elsewhere.pair", f'(1,"{QUOTED}")'),
    }
    run("CREATE SCHEMA elsewhere")
    run("CREATE DOMAIN elsewhere.words AS varchar(500)")
    run("CREATE TYPE elsewhere.pair AS (number int, said text)")
    kinds = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
    run(f"CREATE TABLE forgotten (id serial, at date, {kinds})")
    run("INSERT INTO forgotten (at) VALUES (now())")
    for name, (_, value) in columns.items():
        run(f"UPDATE forgotten SET {name} = %s", value)  # noqa: S608 - a name of our own
    run("VACUUM FULL forgotten")
    run("CREATE TABLE elsewhere.copied AS SELECT many FROM forgotten")
    run("CREATE MATERIALIZED VIEW elsewhere.seen AS SELECT packed FROM forgotten")
    said, found = verify()
    assert found
    for name in columns:
        assert f"  forgotten.{name}: words of it of {erased.reference} ((0,1))" in said, said
    for place in ("elsewhere.copied.many", "elsewhere.seen.packed"):
        assert f"  {place}: words of it of {erased.reference} ((0,1))" in said, said


@pytest.mark.stack
def test_words_are_found_in_the_buckets_also_of_an_upload_that_never_ended(contributor, swept):
    contributor.tell(TITLE, WORDS, recording=recordings.sound("flac", 1))
    contributor.destroy()
    work()
    story = Contribution.objects.get()
    [asset] = Manifest.objects.get().data["assets"]
    assert not verify()[1]
    storages["incoming"].save("left/behind.vtt", ContentFile(captions().encode()))
    storages["renditions"].bucket.Object(f"{asset}/half").initiate_multipart_upload()
    said, found = verify()
    assert found
    assert f"store incoming: words of it of {story.reference}" in said
    unfinished = f"a file under its name of {story.reference} (an upload that never ended)"
    assert f"store renditions: {unfinished}" in said


@pytest.mark.stack
def test_words_are_found_in_the_queues_whatever_holds_them(erased, swept):
    assert not verify()[1]
    packed = json.dumps({"body": base64.b64encode(json.dumps([ACCENTED]).encode()).decode()})
    plants = {
        "string": lambda broker, key: broker.set(key, QUOTED),
        "list": lambda broker, key: broker.rpush(key, "first", packed),
        "hash": lambda broker, key: broker.hset(key, "field", QUOTED),
        "set": lambda broker, key: broker.sadd(key, QUOTED),
        "zset": lambda broker, key: broker.zadd(key, {QUOTED: 1}),
        "stream": lambda broker, key: broker.xadd(key, {"said": QUOTED}),
    }
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        for kind, plant in plants.items():
            key = f"{django_settings.BROKER_PREFIX}planted-{kind}"
            plant(broker, key)
            said, found = verify()
            broker.delete(key)
            assert found, kind
            assert f"broker: words of it of {erased.reference}" in said
    assert not verify()[1]


@pytest.mark.stack
def test_a_message_holds_a_number_or_a_key_and_no_word(contributor, moderator, site):
    """Everything that a story rings for, as it waits in the queues while no worker is there."""
    contributor.tell(
        TITLE, WORDS, recording=recordings.sound("flac", 1), shown_name="Morag MacTavish",
        email="morag@example.org",
    )  # fmt: skip
    contributor.client.post("/my-story/lost/", {"email": "morag@example.org"})
    tick()
    contributor.destroy()
    messages = list(waiting_messages())
    assert {message["headers"]["shadow"].rpartition(".")[2] for message in messages} >= {
        "run_asset",
        "send_letters",
        "reconcile_story",
        "send_new_links",
    }
    for message in messages:
        [path, arguments, named], *_ = json.loads(base64.b64decode(message["body"]))
        assert not named
        for argument in arguments:
            assert re.fullmatch(r"\d+|[0-9a-f-]{36}", str(argument)), path
        said = json.dumps(message).lower() + str(base64.b64decode(message["body"])).lower()
        for word in ("garlic", "jean", "morag", "flac"):
            assert word not in said
    assert not [line for line in verify()[0].splitlines() if line.startswith("  broker: ")]


def waiting_messages() -> Iterator[dict]:
    with redis.Redis.from_url(django_settings.BROKER_URL) as broker:
        for queue in django_settings.TASKS["default"]["QUEUES"]:
            for raw in broker.lrange(f"{django_settings.BROKER_PREFIX}{queue}", 0, -1):
                yield json.loads(raw)


@pytest.mark.stack
def test_words_that_stay_in_the_search_server_are_found(erased):
    assert not verify()[1]
    search.put(search.Document("left-behind", TITLE, passages=tuple(search.cut_text(WORDS))), 1)
    said, found = verify()
    assert found
    assert f"search index: words of it of {erased.reference} (left-behind)" in said


@pytest.mark.stack
def test_it_says_what_the_database_server_may_keep(erased):
    said, _ = verify()
    assert "The files of the database server can't be looked into from here." in said
    assert "wal_recycle" not in said  # it is off, as it should be
    assert "GRANT" not in said
    run("SET log_min_error_statement = 'error'")
    run("SET log_error_verbosity = 'default'")
    said, found = verify()
    assert "log_min_error_statement = panic" in said
    assert "log_error_verbosity = terse" in said
    run("SET log_min_error_statement = 'panic'")
    run("SET log_error_verbosity = 'terse'")
    said, found = verify()
    assert "into its own log" not in said
    assert not found


@pytest.mark.stack
def test_it_says_that_the_log_is_not_cut_where_we_may_not(erased):
    role = f"reader_{uuid.uuid4().hex[:8]}"
    run(f"CREATE ROLE {role}")
    try:
        run(f"SET ROLE {role}")
        said = list(server.notes(connection))
        assert any(f"GRANT pg_checkpoint TO {role}" in sentence for sentence in said)
        run("RESET ROLE")
        run(f"GRANT pg_checkpoint TO {role}")
        run(f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {role}")
        run(f"SET ROLE {role}")
        assert not any("GRANT" in sentence for sentence in server.notes(connection))
    finally:
        run("RESET ROLE")
        run(f"REVOKE ALL ON FUNCTION pg_switch_wal() FROM {role}")
        run(f"DROP ROLE {role}")
