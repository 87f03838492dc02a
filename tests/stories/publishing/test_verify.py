"""Verification finds each kind of remnant that was planted, and nothing in a clean archive."""

from __future__ import annotations

import json
import sqlite3
from email.message import EmailMessage
from pathlib import Path

import pytest
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

from stories.contributions.models import Contribution
from stories.publishing.ledger import Manifest
from stories.publishing.withdraw import withdraw
from tests import recordings
from tests.people import Contributor, work
from tests.stories.publishing.verifying import (
    ACCENTED,
    QUOTED,
    TITLE,
    WORDS,
    captions,
    log_to,
    run,
    told,
    verify,
)

# Bytes, and what says in a report that it was the first row.
BINARY, FIRST = {"sqlite": ("BLOB", "1"), "postgresql": ("bytea", "(0,1)")}[connection.vendor]
ON_SERVER = django_settings.SEARCH_ENGINE == "elasticsearch"


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
