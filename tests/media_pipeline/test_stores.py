"""What a store promises, whichever engine keeps it."""

from __future__ import annotations

import io
import os
import time
import uuid
from pathlib import Path

import pytest
from django.test import RequestFactory

from media_pipeline import api, ranges, storage
from media_pipeline.models import MediaAsset
from stories.publishing.tick import tick
from tests import recordings
from tests.media_pipeline import kept, killed
from tests.media_pipeline.conftest import owner, receive, uploaded

pytestmark = pytest.mark.django_db
MB = 2**20
DAY = 86_400


@pytest.fixture
def stored(tmp_path):
    """(store, asset id, name, bytes) of three megabytes; gone afterwards."""
    content = os.urandom(3 * MB + 17)
    path, asset_id = tmp_path / "made", uuid.uuid4()
    path.write_bytes(content)
    store = storage.renditions()
    name = storage.keep(store, asset_id, path, "audio/mpeg")
    assert not path.exists()
    yield store, asset_id, name, content
    storage.wipe(store, asset_id)
    assert kept.everywhere() == []


def test_what_is_kept_is_found_read_and_wiped(stored, tmp_path):
    store, asset_id, name, content = stored
    assert name.startswith(f"{asset_id}/")
    assert storage.listing(store, asset_id) == [name]
    with storage.local(store, name, tmp_path) as path:
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == []
    storage.wipe(store, asset_id)
    assert storage.listing(store, asset_id) == []
    storage.wipe(store, asset_id)
    with pytest.raises(FileNotFoundError):
        storage.read(store, name)


def test_another_asset_is_left_alone(stored):
    store, asset_id, name, _ = stored
    storage.wipe(store, uuid.UUID(int=asset_id.int ^ 1))
    assert storage.listing(store, asset_id) == [name]


def test_reading_here_and_there(stored):
    store, _, name, content = stored
    with storage.read(store, name) as file:
        assert file.read(10) == content[:10]
        assert file.seek(-5, os.SEEK_END) == len(content) - 5
        assert file.read(100) == content[-5:]
        assert file.read(1) == b""
        file.seek(MB - 3)
        assert file.read(MB) == content[MB - 3 : 2 * MB - 3]
        file.seek(0)
        assert file.read() == content


def test_a_range_of_a_stored_file(stored):
    store, _, name, content = stored
    request = RequestFactory().get("/x", headers={"Range": "bytes=2000000-2000099"})
    response = ranges.respond(
        request,
        open_=lambda: storage.read(store, name),
        size=len(content),
        sha256="f" * 64,
        type_="audio/mpeg",
    )
    assert response.status_code == 206
    assert response.getvalue() == content[2_000_000:2_000_100]
    response.close()


def test_stores_are_well_once_they_are_prepared():
    api.prepare()
    assert api.problem() == ""
    assert api.prepare() == 0


def test_wiping_takes_more_than_one_request_may():
    store, asset_id, count = storage.renditions(), uuid.uuid4(), 1_003
    for number in range(count):
        _put_quickly(store, f"{asset_id}/{number:032x}")
    assert len(storage.listing(store, asset_id)) == count
    storage.wipe(store, asset_id)
    assert storage.listing(store, asset_id) == []


def _put_quickly(store, name: str) -> None:
    if bucket := storage.far(store):
        bucket.client(store).put_object(Bucket=store.bucket_name, Key=name, Body=b"x")
    else:
        store.save(name, io.BytesIO(b"x"))


def test_uploads_that_nobody_came_back_for_are_swept(settings):
    room = Path(settings.FILE_UPLOAD_TEMP_DIR)
    room.mkdir(exist_ok=True)
    old, fresh = room / "abc.upload.mp4", room / "def.upload.mp4"
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - DAY - 60,) * 2)
    assert api.sweep_incoming() == 1
    assert [path.name for path in room.iterdir()] == ["def.upload.mp4"]
    fresh.unlink()
    assert api.sweep_incoming() == 0


def test_a_sweep_leaves_a_kept_recording_alone(clock):
    found = receive(recordings.sound("mp3", 1))
    clock.set(days=2)
    assert api.sweep_incoming() == 0
    with api.open_original(found.id) as original:
        assert len(original.read()) == found.bytes
    api.erase(found.id)


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_is_killed_at_the_row_of_a_recording_leaves_nothing_that_nobody_knows(
    transactional_db, clock, when
):
    """The original is in its place. The mark that was made first tells of it, on either engine."""
    owner()  # so that the child finds the key
    sent = recordings.sound("mp3", 1)
    take_in = ("tests.media_pipeline.killed:take_in", str(sent))
    killed.die("media_pipeline.models:MediaAsset", "save", when, *take_in)
    known = list(MediaAsset.objects.values_list("original", flat=True))
    assert len(known) == (when == "after")
    assert len(kept.names("originals")) == 1
    clock.set(hours=20)
    tick()
    assert len(kept.names("originals")) == 1, "it may be on its way still"
    clock.set(days=1, hours=1)
    tick()
    assert kept.names("originals") == known
    assert kept.names("incoming") == []
    for asset in MediaAsset.objects.all():
        api.erase(asset.pk)


@pytest.mark.embedded
def test_a_disk_that_takes_nothing_is_told_kindly(settings, tmp_path, monkeypatch):
    """A full disk, seen from the program: the real error of the real call."""
    full = Path("/dev/full")
    monkeypatch.setattr(storage, "private_file", lambda place: full.open("wb", buffering=0))
    upload = uploaded(recordings.sound("mp3", 1))
    with pytest.raises(api.NotKept) as refused:
        api.receive(upload, owner=owner())
    upload.close()
    assert "Nothing you wrote is lost" in refused.value.sentence
    assert not MediaAsset.objects.exists()
    assert kept.everywhere() == []


@pytest.mark.embedded
def test_a_folder_that_is_missing_or_no_folder_is_named(settings, tmp_path):
    def stands_at(path: Path) -> None:
        place = {**settings.STORAGES["incoming"], "OPTIONS": {"location": path}}
        settings.STORAGES = {**settings.STORAGES, "incoming": place}

    api.prepare()
    stands_at(tmp_path / "not-there")
    assert "not-there is missing. Type: manage.py prepare" in api.problem()
    assert api.prepare() == 1
    assert api.problem() == ""
    (tmp_path / "a-file").write_text("x")
    stands_at(tmp_path / "a-file")
    assert api.problem().startswith(f"Nothing can be written to {tmp_path / 'a-file'}: ")
