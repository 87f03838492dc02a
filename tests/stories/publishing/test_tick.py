"""Timed work: what has run out ends, and nothing else."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from stories.contributions import keys
from stories.contributions.models import Contribution
from stories.publishing.tick import tick
from tests import recordings
from tests.people import Contributor, work


def test_a_draft_that_nobody_came_back_to_goes_and_a_fresh_one_stays(contributor, stored_files):
    contributor.begin("recording")
    contributor.upload(recordings.sound("flac", 1))
    fresh = Contributor()
    fresh.begin()
    old = Contribution.objects.earliest("created_at")
    Contribution.objects.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=31))
    assert tick()["old drafts removed"] == 1
    assert not keys.exists(old.contributor_key)
    assert stored_files() == []
    assert Contribution.objects.count() == 1


def test_a_story_waits_for_its_cooling_off_and_can_be_stopped(
    contributor, moderator, stranger, settings
):
    settings.COOLING_OFF_DAYS = 7
    stopped = Contributor()
    contributor.tell("This one waits")
    stopped.tell("This one is stopped")
    for reference in moderator.waiting():
        moderator.approve(reference)
    work()
    assert "It waits a few days" in contributor.my_page()
    assert tick()["stories published"] == 0
    stopped.take_down()
    Contribution.objects.update(publish_after=timezone.now())
    assert tick()["stories published"] == 1
    work()
    assert len(stranger.stories()) == 1
    assert "waits" in stranger.stories()[0]


def test_a_broken_off_upload_is_swept_and_one_under_way_is_not(site, settings):
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, new = folder / "old.upload", folder / "new.upload"
    for path in (old, new):
        path.write_bytes(b"half a film")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    assert tick()["broken-off uploads removed"] == 1
    assert not old.exists()
    assert new.exists()
    new.unlink()
