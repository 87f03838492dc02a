"""A file on its way in: who may add to it, how much there may be, and what is left of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.core.files import File
from django.test import Client
from django.utils import timezone

from media_pipeline import api as media
from media_pipeline.models import IncomingFile, MediaAsset
from stories.contributions.models import Contribution
from stories.publishing.steps import source_remnants
from tests import recordings
from tests.media_pipeline import kept
from tests.people import FORM, Contributor
from tests.stories.contribute.uploads import Sender, draft, press_continue


def test_nobody_else_can_look_at_it_add_to_it_or_end_it(sender, stranger):
    sender.begin(10)
    sender.add(0, b"0123")
    other = Contributor()
    other.begin("recording")
    theirs = Sender(other.client, sender.address)
    nobody = Sender(stranger.client, sender.address)
    for who, status in ((theirs, 404), (nobody, 403)):
        assert who.look().status_code == status
        assert who.add(4, b"4567").status_code == status
        assert who.end().status_code == status
    assert nobody.begin(10).status_code == 403
    assert other.client.post(
        FORM + "recording/", {"transcribe": "yes", "incoming": sender.id}
    ).status_code == 410  # fmt: skip
    assert sender.offset() == 4


def test_a_page_of_another_site_can_send_nothing(sender):
    sender.begin(10)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sender.client.cookies
    forged = Sender(strict, sender.address)
    assert forged.begin(10).status_code == 403
    forged.address = sender.address
    assert forged.add(0, b"0123").status_code == 403
    assert forged.end().status_code == 403
    assert forged.ask("GET", sender.address, X_HTTP_Method_Override="DELETE").status_code == 405
    assert sender.offset() == 0
    token = sender.client.get(FORM + "recording/").context["csrf_token"]
    strict.cookies = sender.client.cookies
    assert forged.add(0, b"0123", X_CSRFToken=str(token)).status_code == 204


def test_what_is_ended_leaves_nothing(sender):
    sender.begin(10)
    sender.add(0, b"0123")
    assert sender.end().status_code == 204
    assert sender.look().status_code == 404
    assert sender.add(4, b"4").status_code == 404
    assert kept.everywhere() == []
    assert not IncomingFile.objects.exists()


def test_what_nobody_went_on_with_has_expired(sender, settings):
    sender.begin(10)
    sender.add(0, b"0123")
    days = timedelta(days=settings.UNFINISHED_UPLOAD_DAYS)
    IncomingFile.objects.update(touched=timezone.now() - days)
    assert sender.look().status_code == 410
    assert sender.add(4, b"456789").status_code == 410
    assert "choose the file again" in sender.add(4, b"456789").content.decode()


def test_a_sent_story_takes_no_more_of_a_file(sender):
    sender.begin(10)
    Contribution.objects.update(state="submitted")
    response = sender.add(0, b"0123")
    assert response.status_code == 403
    assert "we did not take the file" in response.content.decode()


def test_too_many_beginnings_from_one_place(sender, settings):
    settings.UPLOADS_PER_PLACE_PER_DAY = 2
    assert [sender.begin(10).status_code for _ in range(3)] == [201, 201, 429]


def test_nothing_lies_in_the_folder_of_uploads(sender, settings):
    sender.begin(10)
    sender.add(0, b"0123456789")
    press_continue(sender)
    assert not [path for path in Path(settings.FILE_UPLOAD_TEMP_DIR).rglob("*") if path.is_file()]


def test_without_room_nothing_is_begun(sender, settings):
    settings.MIN_FREE_BYTES = 10**15
    refused = sender.begin(10)
    assert refused.status_code == 507
    assert "not enough room for your file" in refused.content.decode()
    assert not IncomingFile.objects.exists()
    plain = Contributor(sender.client).upload(recordings.sound("mp3", 1), transcribe="yes")
    assert plain.status_code == 507
    assert "not enough room for your file" in plain.content.decode()
    assert kept.everywhere() == []
    assert draft().answers["automatic_transcription"]["answer"] == "yes"


def test_one_story_and_one_place_send_only_so_much_at_a_time(sender, settings):
    settings.UNFINISHED_BYTES_PER_STORY = 25_000
    settings.UNFINISHED_BYTES_PER_PLACE = 40_000
    assert [sender.begin(10_000).status_code for _ in range(3)] == [201, 201, 429]
    other = Contributor()
    other.begin("recording")
    theirs = Sender(other.client)
    assert theirs.begin(20_000).status_code == 201
    refused = theirs.begin(1_000)
    assert refused.status_code == 429
    assert "from where you are" in refused.content.decode()


def test_a_draft_that_is_thrown_away_takes_its_files_along(sender):
    sender.begin(10)
    sender.add(0, b"0123")
    sender.client.post(FORM + "throw-away/")
    assert kept.everywhere() == []
    assert not IncomingFile.objects.exists()


def test_a_recording_that_nobody_was_told_of_goes_with_its_draft(sender):
    """As it is when the server is killed between keeping a recording and saying whose it is."""
    path = recordings.sound("mp3", 1)
    with path.open("rb") as file:
        media.receive(File(file, "x"), owner=draft().contributor_key)
    assert kept.everywhere() != []
    sender.client.post(FORM + "throw-away/")
    assert kept.everywhere() == []
    assert not MediaAsset.objects.exists()


def test_a_story_that_is_sent_leaves_no_file_on_its_way(contributor):
    contributor.begin("recording")
    sender = Sender(contributor.client)
    sender.begin(10)
    sender.add(0, b"0123")
    contributor.tell()
    assert draft().state == "submitted"
    assert not IncomingFile.objects.exists()
    assert kept.everywhere() == []


def test_what_is_still_on_its_way_in_is_a_remnant(contributor):
    contributor.tell()
    story = Contribution.objects.get()
    IncomingFile.objects.create(owner=story.contributor_key, place="", length=10)
    assert any("on its way in" in thing for thing in source_remnants(story))


def test_the_page_says_how_much_of_a_file_is_there(sender):
    sender.begin(120_000_000)
    IncomingFile.objects.update(offset=34_000_000)
    page = sender.client.get(FORM + "recording/").content.decode()
    assert "We have 34 MB of 120 MB of your file" in page
    assert "Choose the same file again" in page
