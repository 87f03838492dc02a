"""A restored backup, and drafts that are thrown away."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from stories.contributions import keys
from stories.contributions.models import Contribution
from tests import recordings
from tests.people import work


def test_a_restored_backup_does_not_bring_back_what_was_taken_back(
    contributor, moderator, stranger, settings, tmp_path
):
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    database, backup = connection.settings_dict["NAME"], tmp_path / "backup.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(backup)])
    contributor.destroy()
    work()

    connection.close()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"{database}{ending}").unlink(missing_ok=True)
    with open(database, "wb") as file:
        file.write(backup.read_bytes())
    assert stranger.client.get(address).status_code == 200  # so it had come back

    call_command("apply_tombstones", verbosity=0)
    assert stranger.client.get(address).status_code == 410
    work()
    assert Contribution.objects.get().state == "erased"


def test_a_journal_that_was_changed_is_named(contributor, settings):
    contributor.tell()
    contributor.destroy()
    text = settings.JOURNAL_PATH.read_text()
    reference = Contribution.objects.get().reference
    settings.JOURNAL_PATH.write_text(text.replace(reference, "0000-0000"))
    try:
        with pytest.raises(CommandError, match="changed at line"):
            call_command("apply_tombstones")
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
