"""Taking down hides at once, whichever server is away. What waits for it is done later."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from media_pipeline.api import StoreFailed
from stories.contributions.models import Contribution
from stories.publishing.ledger import Closing, Manifest
from stories.publishing.scan import files
from stories.publishing.scan.run import scan
from stories.publishing.tick import tick
from tests import recordings
from tests.faults import Door, door_to
from tests.people import work

pytestmark = pytest.mark.stack


@pytest.fixture
def door(settings) -> Iterator[Door]:
    """In front of the S3 server, for all that a test does with the stores."""
    with door_to(storages["originals"].endpoint_url) as door:
        settings.STORAGES = {
            alias: {**place, "OPTIONS": place["OPTIONS"] | {"endpoint_url": door.address}}
            if "bucket_name" in place.get("OPTIONS", {})
            else place
            for alias, place in settings.STORAGES.items()
        }
        yield door
        door.open()


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_story_is_taken_down_while_the_store_is_away(
    contributor, moderator, stranger, stored_files, door, fault
):
    contributor.tell("The garlic is up", "Jean.", recording=recordings.sound("mp3", 1))
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    getattr(door, fault)()
    began = time.monotonic()
    contributor.destroy()
    assert time.monotonic() - began < 20
    assert door.met
    assert stranger.client.get(address).status_code == 410
    work()
    story = Contribution.objects.get()
    assert story.state == "withdrawn"
    assert not story.step_runs.exclude(step__in=["sources", "traces"]).exclude(state="closed")
    assert Closing.objects.exclude(state=Closing.State.DONE).exists()
    door.open()
    tick()
    work()
    story.refresh_from_db()
    assert story.state == "erased"
    assert not Closing.objects.exclude(state=Closing.State.DONE).exists()
    assert stored_files() == []


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_copy_is_whole_or_not_given(contributor, door, fault):
    """A zip without the recording would look like all there is."""
    contributor.tell("The garlic is up", recording=recordings.sound("mp3", 1))
    getattr(door, fault)()
    for copy in ("/my-story/copy/", "/my-story/everything/copy.zip"):
        answer = contributor.client.get(copy)
        assert answer.status_code == 503
        assert answer["Retry-After"]
        assert "no-store" in answer["Cache-Control"]
        assert "nothing is lost" in answer.content.decode()
    door.open()
    answer = contributor.client.get("/my-story/copy/")
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "my-recording.mp3" in bundle.namelist()


def test_a_draft_is_thrown_away_whole_or_not_at_all(contributor, stored_files, door):
    contributor.begin("recording")
    contributor.upload(recordings.sound("mp3", 1))
    door.shut()
    assert contributor.client.post("/share-your-story/throw-away/").status_code == 503
    assert Contribution.objects.count() == 1
    door.open()
    contributor.client.post("/share-your-story/throw-away/")
    assert not Contribution.objects.exists()
    assert stored_files() == []


@pytest.mark.parametrize("away", ["store", "broker", "search"])
def test_verifying_says_which_server_is_away(contributor, settings, door, away):
    contributor.tell("The garlic is up")
    contributor.destroy()
    work()
    if away == "store":
        door.shut()
        said = "The S3 server did not answer"
    elif away == "broker":
        parts = urlsplit(settings.BROKER_URL)
        settings.BROKER_URL = parts._replace(netloc="127.0.0.1:9").geturl()
        said = "The broker can't be read"
    else:
        settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
        said = "The search server can't be reached"
    with pytest.raises(CommandError, match=f"{said}.*verify again when it is there"):
        call_command("verify_withdrawals")
    assert Manifest.objects.get().clean_at is None


def test_nothing_counts_as_gone_while_the_store_can_not_be_looked_into(
    contributor, moderator, door, monkeypatch
):
    """It goes away after its files were listed."""
    contributor.tell("The garlic is up", "Jean put another note through the door.")
    contributor.destroy()
    work()
    storages["renditions"].save("some/file", ContentFile(b"something"))
    look_into = files._scan_file

    def then_away(*args):
        door.shut()
        look_into(*args)

    monkeypatch.setattr(files, "_scan_file", then_away)
    with pytest.raises(StoreFailed):
        scan(Manifest.objects.select_related("contribution"))
    assert Manifest.objects.get().clean_at is None
    monkeypatch.undo()
    door.open()
    scan(Manifest.objects.select_related("contribution"))
    assert Manifest.objects.get().clean_at
