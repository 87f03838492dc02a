"""Timed work: what has run out ends, and nothing else."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from stories.contributions import keys
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing import discard as discarding
from stories.publishing import tick as ticking
from stories.publishing.agree import agree, version_to_agree
from stories.publishing.approve import Description, approve
from stories.publishing.tick import FAILED, tick
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


def test_a_part_that_fails_does_not_keep_the_others_from_running(
    contributor, moderator, monkeypatch, settings, caplog
):
    settings.COOLING_OFF_DAYS = 7
    contributor.tell("This one waits")
    moderator.approve(moderator.waiting()[0])
    Contribution.objects.update(publish_after=timezone.now())

    def broken():
        raise ValueError("Ann lives at 3 Shore Road")

    parts = [(name, broken if name == "stories rung" else part) for name, part in ticking.PARTS]
    monkeypatch.setattr(ticking, "PARTS", tuple(parts))
    done = tick()
    assert done[FAILED] == 1
    assert done["stories published"] == 1
    assert "stories rung: ValueError" in caplog.text
    assert "Shore Road" not in caplog.text


def test_one_story_that_fails_does_not_hold_up_the_next(
    contributor, moderator, monkeypatch, settings, caplog
):
    settings.COOLING_OFF_DAYS = 7
    contributor.tell("This one is broken")
    Contributor().tell("This one goes out")
    for reference in moderator.waiting():
        moderator.approve(reference)
    Contribution.objects.update(publish_after=timezone.now())
    first, second = Contribution.objects.all()
    publish = ticking.publish

    def broken(story):
        if story == first:
            raise OSError("the disk is away")
        publish(story)

    monkeypatch.setattr(ticking, "publish", broken)
    assert tick()["stories published"] == 1
    second.refresh_from_db()
    assert second.state == State.PUBLISHED
    monkeypatch.undo()
    assert tick()["stories published"] == 1


def test_without_an_address_unchanged_words_go_out_and_changed_ones_wait(
    contributor, moderator, stranger, settings
):
    settings.COOLING_OFF_DAYS = 7
    contributor.tell("Left as it was")
    changed = Contributor().tell("Changed by us", "Words as they were sent.")
    first, second = Contribution.objects.order_by("pk")
    moderator.approve(first.reference)
    approve(second, None, Description(words="Words as we would have them."))
    for _ in range(2):
        Contribution.objects.update(publish_after=timezone.now())
        tick()
        work()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.PUBLISHED, State.APPROVED)
    assert len(stranger.stories()) == 1

    changed.client.get(changed.link)  # they come back, after all
    agree(second, version_to_agree(second))
    assert tick()["stories published"] == 0  # and have their days to think again
    Contribution.objects.update(publish_after=timezone.now())
    assert tick()["stories published"] == 1


def test_a_draft_whose_files_could_not_be_removed_is_not_forgotten(
    contributor, monkeypatch, stored_files
):
    contributor.begin("recording")
    contributor.upload(recordings.sound("flac", 1))
    Contribution.objects.update(saved_at=timezone.now() - timedelta(days=31))
    with monkeypatch.context() as away:

        def broken(asset):
            raise OSError("the disk is away")

        away.setattr(discarding.media, "erase", broken)
        assert tick()["old drafts removed"] == 0
    assert stored_files()
    assert tick()["old drafts removed"] == 1
    assert stored_files() == []
