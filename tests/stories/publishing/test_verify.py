"""Verification finds each kind of remnant that was planted, and nothing in a clean archive."""

from __future__ import annotations

import io
import json
import logging
import shutil
import sqlite3
from email.message import EmailMessage
from pathlib import Path

import pytest
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
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS forgotten")
        cursor.execute("DROP TABLE IF EXISTS planted_cache")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
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
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (place TEXT, said BLOB)")
        cursor.execute("INSERT INTO forgotten VALUES ('', %s)", [QUOTED.encode()])
        cursor.execute("INSERT INTO forgotten VALUES ('Morag MacTavish', NULL)")
        cursor.execute("INSERT INTO forgotten VALUES ('to morag@example.org, today', NULL)")
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
    contributor.tell(TITLE, WORDS, recording=recordings.sound("flac", 1))
    story = Contribution.objects.get()
    with storages["originals"].open(stored_name(story)) as file:
        original = file.read()
    contributor.destroy()
    work()
    assert not verify()[1]
    copy = Path(settings.FILE_UPLOAD_TEMP_DIR, "holiday.bin")
    copy.write_bytes(original)
    [asset] = Manifest.objects.get().data["assets"]
    storages["renditions"].save(f"{asset}/abc", ContentFile(b"late"))
    said, found = verify()
    assert found
    assert f"folder incoming: a file of it of {story.reference} (holiday.bin)" in said
    assert f"store renditions: a file under its name of {story.reference}" in said
    assert f"recordings: not closed of {story.reference}" in said


def stored_name(story: Contribution) -> str:
    asset = str(story.upload.asset_id)
    [name] = storages["originals"].listdir(asset)[1]
    return f"{asset}/{name}"


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
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (said TEXT)")
        cursor.execute("INSERT INTO forgotten VALUES (%s)", [json.dumps(QUOTED)])
    said, found = verify()
    assert found
    assert f"forgotten.said: words of it of {story.reference} (1)" in said


def test_a_step_that_did_not_close_is_found(contributor, moderator):
    story = told(contributor, moderator)
    withdraw(story)  # and no worker runs
    said, found = verify()
    assert found
    assert f"step page: not closed of {story.reference}" in said
    assert "search_documenttext.body: words of it" in said
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
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (said TEXT)")
        cursor.execute("INSERT INTO forgotten VALUES ('the radio low until the vans come at four')")
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
