"""A file that comes in pieces: what is told to be safe is safe, whatever happens in between."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from media_pipeline import api, storage
from media_pipeline.incoming import coming, holding, keepers
from media_pipeline.incoming.holding import Hold
from media_pipeline.incoming.models import IncomingFile
from media_pipeline.models import MediaAsset
from tests import recordings
from tests.faults import door_to
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import OWNER, owner

MB = 2**20
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _leave_nothing():
    owner()
    yield
    coming.end_all(OWNER)
    assert kept.everywhere() == []


def begin(length: int) -> uuid.UUID:
    return api.incoming.begin(OWNER, length, ["here"]).id


def blocks_of(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), 256 * 1024):
        yield content[at : at + 256 * 1024]


def add(file_id: uuid.UUID, offset: int, content: bytes) -> int:
    blocks = blocks_of(content)
    return api.incoming.append(file_id, OWNER, offset, blocks, len(content)).offset


def arrived(file_id: uuid.UUID) -> str:
    """SHA-256 of what is kept of a complete file."""
    with coming._on_disk(IncomingFile.objects.get(pk=file_id)) as path:
        return storage.sha256(path)


def test_connections_of_any_length_make_the_file_that_was_sent():
    content = os.urandom(21 * MB + 17)
    file_id, at = begin(len(content)), 0
    # Less than a part in a bucket, one and a bit, nothing, several, and the rest.
    for size in (3 * MB, 5 * MB + 1, 0, 1, 9 * MB, len(content)):
        piece = content[at : at + size]
        at += len(piece)
        assert add(file_id, at - len(piece), piece) == at
        assert api.incoming.find(file_id, OWNER).offset == at
    assert arrived(file_id) == hashlib.sha256(content).hexdigest()
    assert arrived(file_id) == hashlib.sha256(content).hexdigest(), "joined twice"


def test_a_file_that_grows_is_the_same_in_the_end():
    """Over a part in a bucket, in small pieces, ended with a few bytes; and ended with none."""
    for last in (17, 0):
        content = os.urandom(18 * MB + last)
        file_id, at = api.incoming.begin(OWNER, None, ["here"]).id, 0
        for size in (3 * MB, 0, 6 * MB + 5, 9 * MB - 5):
            at = add(file_id, at, content[at : at + size])
        there = api.incoming.find(file_id, OWNER)
        assert (there.offset, there.growing, there.is_complete) == (18 * MB, True, False)
        ended = api.incoming.append(
            file_id, OWNER, at, blocks_of(content[at:]), last, length=len(content)
        )
        assert ended.is_complete
        assert arrived(file_id) == hashlib.sha256(content).hexdigest()


def test_who_holds_it_is_alone_and_who_lost_it_writes_no_more(monkeypatch):
    """The first connection hangs; a second comes, is told to wait, and after a time takes over."""
    monkeypatch.setattr(holding, "RENEW_SECONDS", 0)  # so much later each block comes
    file_id = begin(2000)
    hangs, goes_on = threading.Event(), threading.Event()
    said: list[object] = []

    def first() -> Iterator[bytes]:
        yield b"1" * 500
        hangs.set()
        goes_on.wait(20)
        yield b"1" * 500

    def send_first() -> None:
        try:
            said.append(api.incoming.append(file_id, OWNER, 0, first(), 1000))
        except Exception as error:
            said.append(type(error))
        finally:
            connection.close()

    thread = threading.Thread(target=send_first)
    thread.start()
    assert hangs.wait(20)
    with pytest.raises(api.incoming.UploadBusy):
        add(file_id, 0, b"2" * 1000)
    IncomingFile.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert add(file_id, 0, b"2" * 1000) == 1000
    goes_on.set()
    thread.join()
    assert said == [api.incoming.UploadBusy]
    assert add(file_id, 1000, b"2" * 1000) == 2000
    assert arrived(file_id) == hashlib.sha256(b"2" * 2000).hexdigest()


def test_a_checksum_that_fails_takes_back_all_parts_of_its_piece():
    content = os.urandom(10 * MB)
    file_id = begin(len(content))
    add(file_id, 0, content[:MB])
    rest = content[MB:]
    with pytest.raises(api.incoming.WrongChecksum):
        api.incoming.append(file_id, OWNER, MB, blocks_of(rest), len(rest), ("sha1", b"0" * 20))
    # One that was cut short can't be compared: nothing of it counts.
    cut = api.incoming.append(
        file_id, OWNER, MB, blocks_of(rest[:MB]), len(rest), ("sha1", b"0" * 20)
    )
    assert cut.offset == MB
    assert add(file_id, MB, rest) == len(content)
    assert arrived(file_id) == hashlib.sha256(content).hexdigest()


def test_who_died_while_it_was_kept_has_lost_nothing():
    path = recordings.sound("mp3", 1)
    content = path.read_bytes()
    file_id = begin(len(content))
    add(file_id, 0, content)
    row = IncomingFile.objects.get()
    # As it is after a kill between keeping the original and writing its row.
    half = path.with_name("half")
    half.write_bytes(content)
    storage.keep(storage.originals(), row.asset, half)
    IncomingFile.objects.update(token=uuid.uuid4(), held_until=timezone.now())
    asset = api.incoming.finish(file_id, OWNER)
    assert api.incoming.finish(file_id, OWNER) == asset, "another recording for the same file"
    assert MediaAsset.objects.count() == 1
    assert len(kept.names("originals")) == 1
    with api.open_original(asset) as original:
        assert original.read() == content


def test_while_one_looks_at_it_another_is_told_to_wait():
    content = recordings.sound("mp3", 1).read_bytes()
    file_id = begin(len(content))
    add(file_id, 0, content)
    hold = Hold(IncomingFile.objects.get())
    with pytest.raises(api.incoming.UploadBusy):
        api.incoming.finish(file_id, OWNER)
    hold.release()
    assert api.incoming.finish(file_id, OWNER)


def test_what_is_unfinished_for_too_long_goes_with_its_bytes(settings):
    old, young = begin(20 * MB), begin(20 * MB)
    for file_id in (old, young):
        add(file_id, 0, os.urandom(9 * MB))
    ago = timezone.now() - timedelta(days=2)
    IncomingFile.objects.filter(pk=old).update(touched=ago)
    assert any(str(young) in name for name in kept.everywhere())
    assert coming.end_old(timedelta(days=1)) == 1
    assert not any(str(old) in name for name in kept.everywhere())
    # The sweeper of what nobody knows of passes by what somebody does.
    assert api.sweep_incoming(timedelta(0)) == 0
    assert api.incoming.find(young, OWNER).offset == 9 * MB
    IncomingFile.objects.filter(pk=young).delete()
    assert api.sweep_incoming(timedelta(0)) == 1


def test_a_recording_of_a_file_that_nobody_came_back_to_goes_too():
    content = recordings.sound("mp3", 1).read_bytes()
    file_id = begin(len(content))
    add(file_id, 0, content)
    asset = api.incoming.finish(file_id, OWNER)
    IncomingFile.objects.update(touched=timezone.now() - timedelta(days=2))
    assert coming.end_old(timedelta(days=1)) == 1
    assert not MediaAsset.objects.filter(pk=asset).exists()


def test_what_is_ended_while_it_comes_leaves_nothing():
    file_id = begin(20 * MB)

    def blocks() -> Iterator[bytes]:
        yield from blocks_of(os.urandom(9 * MB))
        api.incoming.end(file_id, OWNER)
        yield from blocks_of(os.urandom(9 * MB))

    with pytest.raises(api.incoming.UploadBusy):
        api.incoming.append(file_id, OWNER, 0, blocks(), 20 * MB)
    assert kept.everywhere() == []


@pytest.mark.stack
def test_a_store_that_goes_away_on_the_way_keeps_what_was_told(settings):
    content = os.urandom(20 * MB)
    file_id = begin(len(content))
    add(file_id, 0, content[: 9 * MB])
    usual = settings.STORAGES
    with door_to(storages["incoming"].endpoint_url) as door:
        options = usual["incoming"]["OPTIONS"] | {"endpoint_url": door.address}
        settings.STORAGES = {**usual, "incoming": {**usual["incoming"], "OPTIONS": options}}

        def blocks() -> Iterator[bytes]:
            yield from blocks_of(content[9 * MB : 10 * MB])
            door.shut()
            yield from blocks_of(content[10 * MB :])

        with pytest.raises(OSError, match="S3 server"):
            api.incoming.append(file_id, OWNER, 9 * MB, blocks(), 11 * MB)
        settings.STORAGES = usual
    assert api.incoming.find(file_id, OWNER).offset == 9 * MB
    assert add(file_id, 9 * MB, content[9 * MB :]) == len(content)
    assert arrived(file_id) == hashlib.sha256(content).hexdigest()


@pytest.mark.embedded
def test_a_full_disk_keeps_what_was_told(monkeypatch):
    """The real refusal of a real full device."""
    file_id = begin(2000)
    add(file_id, 0, b"1" * 500)
    with monkeypatch.context() as full:
        real = keepers.FileKeeper.__enter__

        def onto_a_full_disk(self):
            real(self)
            self.file.close()
            self.file = os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb", buffering=0)
            return self

        full.setattr(keepers.FileKeeper, "__enter__", onto_a_full_disk)
        with pytest.raises(OSError, match="No space"):
            add(file_id, 500, b"1" * 500)
    assert api.incoming.find(file_id, OWNER).offset == 500
    assert add(file_id, 500, b"1" * 1500) == 2000
