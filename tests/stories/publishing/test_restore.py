"""A restored backup does not bring back what was closed since; and drafts that are thrown away."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from stories import journal
from stories.consent import chain
from stories.consent.events import EventState
from stories.consent.models import current_statement
from stories.consent.record import Answer, newest
from stories.contributions import keys
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.publishing import restore
from stories.publishing.answer import answer
from stories.publishing.export import export_stories
from stories.publishing.ledger import Manifest
from stories.publishing.restore import decide_again
from tests import recordings
from tests.people import work

WORDS = "Jean put another note through the door on the wettest Thursday of that whole winter."


class Backup:
    """A copy of the database as a person would make one, to put back over the one in use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
        else:
            client("pg_dump", "--format=custom", f"--file={path}")

    def restore(self) -> None:
        connection.close()
        if connection.vendor == "sqlite":
            database = Path(connection.settings_dict["NAME"])
            for ending in ("-wal", "-shm"):
                database.with_name(database.name + ending).unlink(missing_ok=True)
            database.write_bytes(self.path.read_bytes())
        else:
            client("pg_restore", "--clean", "--if-exists", "--single-transaction", str(self.path))


def client(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, on the site's database."""
    site = connection.settings_dict
    subprocess.run(
        [program, *arguments, f"--dbname={site['NAME']}"],
        env=os.environ
        | {
            "PGHOST": site["HOST"],
            "PGPORT": str(site["PORT"]),
            "PGUSER": site["USER"],
            "PGPASSWORD": site["PASSWORD"],
        },
        check=True,
    )


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", WORDS)
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


@pytest.fixture
def backup(published, tmp_path) -> Backup:
    return Backup(tmp_path / "backup")


def say(story: Contribution, purpose: str, said: str) -> None:
    answer(Contribution.objects.get(pk=story.pk), Answer(current_statement(purpose), said))


def test_what_was_destroyed_since_is_hidden_at_once_and_destroyed_again(
    contributor, published, backup, stranger
):
    [address] = stranger.stories()
    contributor.destroy()
    work()
    backup.restore()
    assert stranger.client.get(address).status_code == 200  # so it had come back
    # The manifest was in the database that was thrown away.
    assert not Manifest.objects.exists()

    call_command("apply_tombstones", verbosity=0)
    assert stranger.client.get(address).status_code == 410
    work()
    assert Contribution.objects.get().state == "erased"
    assert not keys.exists(published.contributor_key)
    assert list(chain.problems()) == []
    # What was sealed had lost its key, but the words of the version came back and are looked for.
    assert Manifest.objects.get().data["shingles"]
    call_command("verify_withdrawals", verbosity=0)
    assert Manifest.objects.get().clean_at
    assert decide_again().withdrawn == 0  # doing it twice is harmless


def test_what_was_taken_down_and_is_kept_is_kept_until_the_day_that_was_promised(
    contributor, published, backup, stranger, settings
):
    contributor.take_down()
    promised = Contribution.objects.get().destroy_after
    work()
    backup.restore()
    assert decide_again().withdrawn == 1
    work()
    story = Contribution.objects.get()
    assert story.state == "withdrawn"
    assert abs((story.destroy_after - promised).total_seconds()) < 60
    assert story.private.words == WORDS
    assert stranger.stories() == []
    settings.KEEP_DAYS = 0
    call_command("verify_withdrawals", verbosity=0)


def test_what_rested_since_rests_again(contributor, published, backup, stranger):
    contributor.client.post("/my-story/rest/")
    work()
    backup.restore()
    assert len(stranger.stories()) == 1
    assert decide_again().paused == 1
    assert stranger.stories() == []
    work()
    assert Contribution.objects.get().state == "paused"


def test_one_purpose_taken_back_since_is_closed_again(published, tmp_path, stranger):
    say(published, "research_access", "yes")
    export_stories("research_access", "A university")
    backup = Backup(tmp_path / "later")
    say(published, "site_search", "no")
    say(published, "research_access", "no")
    work()
    backup.restore()
    story = Contribution.objects.get()
    assert {"listing", "research"} <= exits_of(story)
    assert decide_again().consents == 2
    assert not {"listing", "research"} & exits_of(story)
    for purpose in ("site_search", "research_access"):
        event = newest(story.contributor_key, purpose)
        assert event.event_state == EventState.INVALIDATED
    # Whom to ask for a copy was in the database that was thrown away, too.
    assert [copy.holder for copy in story.outside_copies.filter(kind="export")] == ["A university"]
    assert list(chain.problems()) == []
    assert "garlic" not in stranger.search("garlic").lower().partition("results")[2]
    # Given once more after the restore, it is not ended by the old line in the journal.
    say(published, "research_access", "yes")
    assert decide_again().consents == 0
    assert "research" in exits_of(Contribution.objects.get())
    assert list(chain.problems()) == []


def test_a_restore_that_was_cut_short_is_finished_by_the_next(published, backup, monkeypatch):
    say(published, "site_search", "no")
    backup.restore()
    with monkeypatch.context() as broken:
        broken.setattr(restore, "_end_consents", lambda lines: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            decide_again()
    assert decide_again().consents == 1
    assert "listing" not in exits_of(Contribution.objects.get())
    assert list(chain.problems()) == []


def test_what_was_given_since_stays_closed(published, backup):
    say(published, "research_access", "yes")
    backup.restore()
    assert decide_again().consents == 0
    assert "research" not in exits_of(Contribution.objects.get())
    assert list(chain.problems()) == []
    assert len(list(journal.read("restored"))) == 1


def test_without_the_restored_line_the_cut_tail_is_named(published, backup):
    say(published, "research_access", "yes")
    backup.restore()
    assert any("cut off" in problem for problem in chain.problems())


def test_a_journal_that_was_changed_is_named_and_nothing_is_done(
    contributor, published, backup, settings
):
    contributor.destroy()
    backup.restore()
    text = settings.JOURNAL_PATH.read_text()
    settings.JOURNAL_PATH.write_text(text.replace(published.reference, "0000-0000"))
    try:
        with pytest.raises(CommandError, match="changed at line"):
            call_command("apply_tombstones")
        assert Contribution.objects.get().state == "published"
    finally:
        settings.JOURNAL_PATH.write_text(text)


def test_a_draft_can_be_thrown_away_with_all_that_belongs_to_it(contributor, stored_files):
    contributor.begin("recording")
    contributor.upload(recordings.sound("flac", 1))
    key = Contribution.objects.get().contributor_key
    contributor.client.post("/share-your-story/throw-away/")
    assert not Contribution.objects.exists()
    assert not keys.exists(key)
    assert stored_files() == []
    # What was sent is not thrown away by an old page: that is taking it back.
    contributor.tell("Sent")
    contributor.client.post("/share-your-story/throw-away/")
    assert Contribution.objects.get().state == "submitted"
