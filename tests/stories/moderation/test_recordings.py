"""The desk's page of work on recordings: what is wrong and why, and trying again."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from media_pipeline import ffmpeg
from media_pipeline.models import MediaJob
from stories.contributions.models import Contribution, Upload
from tests import recordings
from tests.people import work

PAGE = "/admin/recordings/"


@pytest.fixture
def upload(contributor) -> Upload:
    contributor.tell("The garlic is up", recording=recordings.sound("mp3", 1))
    return Upload.objects.get()


def read(client: Client, folder: str = "trouble") -> str:
    return client.get(PAGE, {"folder": folder}).content.decode()


def test_what_is_under_way_shows_each_stage_and_needs_nobody(upload, moderator):
    page = read(moderator.client, "work")
    assert upload.contribution.reference in page
    assert "Making it playable" in page
    assert "Nothing needs you" in read(moderator.client)
    work()
    assert "Nothing is under way" in read(moderator.client, "work")


def test_what_was_given_up_says_why_and_is_tried_again(upload, moderator, settings, monkeypatch):
    settings.MEDIA_MAX_ATTEMPTS = 1
    monkeypatch.setattr(ffmpeg, "Limits", partial(ffmpeg.Limits, file_bytes=10))
    work()
    page = read(moderator.client)
    assert upload.contribution.reference in page
    assert "Given up" in page
    assert "grew beyond every limit" in page
    assert "Recordings (1)" in moderator.client.get("/admin/").content.decode()
    monkeypatch.undo()
    answer = moderator.client.post(f"{PAGE}{upload.pk}/retry/", follow=True)
    assert "tried again" in answer.content.decode()
    work()
    assert set(MediaJob.objects.values_list("state", flat=True)) == {"done"}
    assert "Nothing needs you" in read(moderator.client)
    assert ModelLogEntry.objects.filter(action="stories.recording_retry").exists()


def test_what_is_stopped_waits_for_somebody(upload, moderator):
    moderator.client.post(f"{PAGE}{upload.pk}/stop/")
    work()
    assert MediaJob.objects.get(stage="probe").state == "dead"
    assert "stopped by somebody" in read(moderator.client)
    answer = moderator.client.post(f"{PAGE}{upload.pk}/stop/", follow=True)
    assert "Nothing was to be done" in answer.content.decode()


def test_nobody_else_gets_in_and_a_draft_is_its_writers_alone(contributor, stranger, moderator):
    contributor.begin("recording")
    contributor.upload(recordings.sound("mp3", 1))
    [upload] = Upload.objects.all()
    assert Contribution.objects.get().reference not in read(moderator.client, "work")
    assert moderator.client.post(f"{PAGE}{upload.pk}/stop/").status_code == 404
    for address in (PAGE, f"{PAGE}{upload.pk}/stop/", f"{PAGE}{upload.pk}/retry/"):
        assert stranger.client.post(address).status_code in {302, 403}
        assert contributor.client.get(address).status_code in {302, 403, 405}
