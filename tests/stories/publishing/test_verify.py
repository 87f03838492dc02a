"""Verification finds each kind of remnant that was planted, and nothing in a clean archive."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.backends.file import SessionStore as FileSessionStore
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, Revision

from search import api as search
from stories.contributions.models import Contribution
from stories.publishing.ledger import Manifest
from stories.publishing.scan import server
from stories.publishing.tick import tick
from stories.publishing.withdraw import withdraw
from tests import recordings
from tests.people import Contributor, work

TITLE = "The garlic came up early"
WORDS = (
    "Jean put another note through the door on the wettest Thursday of that whole winter. "
    "I left it on the mat until Sunday, and then I read it — standing in my wet coat, café shut."
)
QUOTED = "note through the door on the wettest Thursday of that"
ACCENTED = "and then I read it — standing in my wet coat, café shut"


def verify(*options: str) -> tuple[str, bool]:
    """What the command says, and whether it found something."""
    said = io.StringIO()
    try:
        call_command("verify_withdrawals", *options, stdout=said)
    except SystemExit as end:
        return said.getvalue(), bool(end.code)
    return said.getvalue(), False


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


# Bytes, and what says in a report that it was the first row.
BINARY, FIRST = {"sqlite": ("BLOB", "1"), "postgresql": ("bytea", "(0,1)")}[connection.vendor]
ON_SERVER = django_settings.SEARCH_ENGINE == "elasticsearch"


def told(contributor, moderator, **answers) -> Contribution:
    contributor.tell(TITLE, WORDS, **answers)
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    return Contribution.objects.get(reference=reference)


@pytest.fixture
def erased(contributor, moderator) -> Contribution:
    story = told(contributor, moderator, shown_name="Morag MacTavish", email="morag@example.org")
    withdraw(story, destroy_after=timezone.now())
    work()
    story.refresh_from_db()
    assert story.state == "erased"
    return story


@pytest.fixture
def swept(settings):
    """What is planted outside the models' tables goes with the test."""
    yield
    logger = logging.getLogger("planted")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    caches["default"].clear()
    if connection.vendor == "postgresql":
        run("DROP SCHEMA IF EXISTS elsewhere CASCADE")
    for table in ("forgotten", "planted_cache"):
        run(f"DROP TABLE IF EXISTS {table}")
    if connection.vendor == "sqlite":
        run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.rmtree(settings.DATA_DIR / "images", ignore_errors=True)
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        path.unlink()


def test_nothing_is_found_of_a_story_that_is_gone(erased):
    said, found = verify()
    assert not found, said
    assert "A person should look" not in said
    manifest = Manifest.objects.get()
    assert manifest.clean_at
    verify()
    assert Manifest.objects.get().clean_at == manifest.clean_at  # its days run from the first one


def test_every_planted_remnant_is_found_and_named(erased, swept, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "letters"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "t"},
        "files": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        },
        "table": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "planted_cache",
        },
    }
    call_command("createcachetable", verbosity=0)
    log_to(tmp_path / "archive.log").warning("Could not show %s.", QUOTED)

    settings.SESSION_ENGINE = "django.contrib.sessions.backends.file"
    settings.SESSION_FILE_PATH = tmp_path / "sessions"
    settings.SESSION_FILE_PATH.mkdir()
    with settings.JOURNAL_PATH.open("a") as journal:
        journal.write(json.dumps({"kind": "withdrawn", "said": ACCENTED}))
    in_file = FileSessionStore()
    in_file["draft"] = {"words": WORDS}
    in_file.save()
    session = SessionStore()
    session["draft"] = {"words": WORDS * 3}  # long enough to be packed
    session.save()
    small = SessionStore()
    small["title"] = TITLE
    small.save()
    DBTaskResult.objects.create(
        args_kwargs={"args": [ACCENTED], "kwargs": {}},
        task_path="stories.publishing.tasks.reconcile_story",
        backend_name="default",
    )
    ModelLogEntry.objects.log_action(erased, "wagtail.edit", title=TITLE)
    kind = ContentType.objects.get_for_model(Contribution)
    Revision.objects.create(
        content_type=kind, base_content_type=kind, object_id="1", content={"body": f"<p>{QUOTED}"}
    )
    run(f"CREATE TABLE forgotten (place TEXT, said {BINARY})")
    run("INSERT INTO forgotten VALUES ('', %s)", QUOTED.encode())
    run("INSERT INTO forgotten VALUES ('Morag MacTavish', NULL)")
    run("INSERT INTO forgotten VALUES ('to morag@example.org, today', NULL)")
    for alias in ("originals", "renditions", "default"):
        storages[alias].save("left/behind.vtt", ContentFile(captions().encode()))
    storages["default"].save("the-garlic-came-up-early.jpg", ContentFile(b"\xff\xd8 a picture"))
    Path(settings.FILE_UPLOAD_TEMP_DIR, "half.upload").write_text(WORDS)
    Path(settings.MEDIA_WORK_DIR).mkdir(exist_ok=True)
    Path(settings.MEDIA_WORK_DIR, "words.txt").write_text(WORDS)
    for alias in settings.CACHES:
        caches[alias].set("page", f"<h1>{TITLE}</h1><p>{QUOTED}</p>")
    letter = EmailMessage()
    letter["Subject"] = "Your story"
    letter.set_content(ACCENTED, cte="base64")
    settings.EMAIL_FILE_PATH.mkdir()
    (settings.EMAIL_FILE_PATH / "1.log").write_bytes(bytes(letter) + b"\n" + b"-" * 79 + b"\n")

    said, found = verify()
    assert found
    assert Manifest.objects.get().clean_at is None
    for where in (
        "django_session.session_data: words of it",
        "django_tasks_database_dbtaskresult.args_kwargs: words of it",
        "wagtailcore_modellogentry.label: words of it",
        "wagtailcore_revision.content: words of it",
        "forgotten.said: words of it",
        "forgotten.place: words of it",  # the address
        "planted_cache.value: words of it",
        "store originals: words of it",
        "store renditions: words of it",
        "store default: words of it",
        "folder incoming: words of it",
        "folder work: words of it",
        "cache default: words of it",
        "cache files: words of it",
        "sessions: words of it",
        "log files: words of it",
        "journal: words of it",
        "letters: words of it",
    ):
        assert where in said, said
    assert said.count("django_session.session_data: words of it") == 1
    assert "a file whose own name says it" in said
    sure, _, look = said.partition("A person should look at this:")
    assert "forgotten.place: a name" in look
    assert "a name" not in sure.partition("Found:")[2]
    for word in ("garlic", "Jean", "Thursday", "Morag", "morag"):
        assert word not in said


def log_to(path: Path) -> logging.Logger:
    logger = logging.getLogger("planted")
    logger.addHandler(logging.FileHandler(path))
    return logger


def captions() -> str:
    """WebVTT of a few words a cue, so that no cue by itself says much."""
    words = WORDS.split()
    cues = [
        f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{' '.join(words[n * 4 : n * 4 + 4])}\n"
        for n in range(8)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


@pytest.mark.embedded
def test_deleted_words_in_free_pages_are_found(erased, settings):
    assert not verify()[1]
    # Somebody's tool, without the setting that overwrites what is deleted.
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("PRAGMA secure_delete = OFF")
    other.execute("CREATE TABLE planted (said TEXT)")
    other.execute("INSERT INTO planted VALUES (?)", ["." * 600_000 + WORDS + "." * 600_000])
    other.execute("DROP TABLE planted")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    said, found = verify()
    assert found
    assert f"database file {Path(connection.settings_dict['NAME']).name}: words of it" in said
    assert "\n  database file" in said.partition("Found:")[2].partition("near byte")[0]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not verify()[1]


@pytest.mark.embedded
def test_words_that_stay_in_the_index_are_found(erased):
    plant = "INSERT INTO search_word_fts (rowid, title, people, tags, summary, body) VALUES "
    with connection.cursor() as cursor:
        cursor.execute(plant + "(99, 'garlic and garden', '', '', '', '')")
    said, found = verify()
    assert found
    assert "search_word_fts: words that its table has not" in said
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_word_fts (search_word_fts, rowid, title, people, tags, summary, "
            "body) VALUES ('delete', 99, 'garlic and garden', '', '', '', '')"
        )
    said, found = verify()
    assert found
    assert "search_word_fts: words that no document has any more (3 of them)" in said
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_word_fts (search_word_fts) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not verify()[1]


def test_a_recording_under_another_name_is_found(contributor, swept, settings):
    sent = recordings.sound("flac", 1)
    contributor.tell(TITLE, WORDS, recording=sent)
    story = Contribution.objects.get()
    contributor.destroy()
    work()
    assert not verify()[1]
    copy = Path(settings.FILE_UPLOAD_TEMP_DIR, "holiday.bin")
    copy.write_bytes(sent.read_bytes())
    [asset] = Manifest.objects.get().data["assets"]
    storages["renditions"].save(f"{asset}/abc", ContentFile(b"late"))
    said, found = verify()
    assert found
    assert f"folder incoming: a file of it of {story.reference} (holiday.bin)" in said
    assert f"store renditions: a file under its name of {story.reference}" in said
    assert f"recordings: not closed of {story.reference}" in said


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


def test_what_is_kept_for_its_contributor_is_excused_and_nothing_else(
    contributor, moderator, swept
):
    story = told(contributor, moderator)
    withdraw(story)
    work()
    assert story.versions.exists()
    said, found = verify("--reference", story.reference)
    assert not found, said
    assert "1 of them kept" in said
    assert Manifest.objects.get().clean_at is None
    run("CREATE TABLE forgotten (said TEXT)")
    run("INSERT INTO forgotten VALUES (%s)", json.dumps(QUOTED))
    said, found = verify()
    assert found
    assert f"forgotten.said: words of it of {story.reference} ({FIRST})" in said


def test_a_step_that_did_not_close_is_found(contributor, moderator):
    story = told(contributor, moderator)
    withdraw(story)  # and no worker runs
    said, found = verify()
    assert found
    assert f"step page: not closed of {story.reference}" in said
    index = "search index" if ON_SERVER else "search_documenttext.body"
    assert f"{index}: words of it of {story.reference}" in said
    with pytest.raises(Exception, match="There is no manifest of that story"):
        verify("--reference", "0000-0000")


def test_one_pass_tells_two_stories_apart(erased, swept):
    other = Contributor()
    other.tell(
        "Night shift at the bakery",
        "Flour on the phone and the radio low until the vans come at four.",
    )
    story = Contribution.objects.exclude(pk=erased.pk).get()
    withdraw(story, destroy_after=timezone.now())
    work()
    assert not verify()[1]
    run("CREATE TABLE forgotten (said TEXT)")
    run("INSERT INTO forgotten VALUES ('the radio low until the vans come at four')")
    said, _ = verify()
    assert f"forgotten.said: words of it of {story.reference}" in said
    assert erased.reference not in said
    assert Manifest.objects.get(contribution=erased).clean_at
    assert Manifest.objects.get(contribution=story).clean_at is None


def test_words_that_a_story_on_the_site_has_too_are_for_a_person_to_look_at(erased, moderator):
    """The same sentence in two stories: what is left of one can't be told from the other."""
    Contributor().tell("Another one", WORDS)
    moderator.approve(moderator.waiting()[0])
    work()
    said, found = verify()
    assert not found
    assert "words of it that a story on the site has too" in said
