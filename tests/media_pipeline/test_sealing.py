"""Originals at rest: sealed under their owner's key, refused when they are not what was sealed."""

from __future__ import annotations

import io
import os
import stat
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from media_pipeline import api, originals, sealing, source, storage, tasks
from media_pipeline.errors import Damaged, KeyGone
from media_pipeline.models import MediaAsset, MediaJob
from media_pipeline.work import Work
from stories.contributions import keys
from stories.publishing.tick import tick
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import owner, receive, uploaded

SECRET, ABOUT = os.urandom(32), uuid.uuid4()
PIECE = sealing.PIECE_BYTES + sealing.MORE_BYTES
HEAD = len(sealing.MARK) + sealing.SALT_BYTES + sealing.HEAD_BYTES + sealing.MORE_BYTES


def _sealed(content: bytes) -> bytes:
    return b"".join(sealing.seal(sealing.pieces_of(io.BytesIO(content)), SECRET, ABOUT))


def _unsealed(sealed: bytes, secret: bytes = SECRET, about: uuid.UUID = ABOUT) -> bytes:
    return b"".join(sealing.unseal(io.BytesIO(sealed), secret, about))


@pytest.mark.parametrize("more", [-1, 0, 1])
@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_what_was_sealed_comes_back(pieces, more):
    content = os.urandom(max(0, pieces * sealing.PIECE_BYTES + more))
    sealed = _sealed(content)
    assert _unsealed(sealed) == content
    assert sealing.Unsealed(io.BytesIO(sealed), SECRET, ABOUT).read() == content
    assert _sealed(content)[:200] != sealed[:200], "the same key and stream for two files"


CONTENT = os.urandom(3 * sealing.PIECE_BYTES + 5)


def _flipped(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _swapped(sealed: bytes) -> bytes:
    first, second, third = (HEAD + number * PIECE for number in range(3))
    return sealed[:first] + sealed[second:third] + sealed[first:second] + sealed[third:]


CHANGES = {
    "a byte of the mark": lambda sealed: _flipped(sealed, 3),
    "a byte of the salt": lambda sealed: _flipped(sealed, 12),
    "a byte of the head": lambda sealed: _flipped(sealed, 45),
    "a byte in the middle": lambda sealed: _flipped(sealed, len(sealed) // 2),
    "the last byte": lambda sealed: _flipped(sealed, len(sealed) - 1),
    "cut within a piece": lambda sealed: sealed[:-3],
    "cut between pieces": lambda sealed: sealed[: HEAD + PIECE],
    "cut within the head": lambda sealed: sealed[:50],
    "nothing is left": lambda sealed: b"",
    "a piece too few": lambda sealed: sealed[: HEAD + PIECE] + sealed[HEAD + 2 * PIECE :],
    "two pieces changed places": _swapped,
    "a piece twice": lambda sealed: sealed[: HEAD + PIECE] + sealed[HEAD:],
    "something behind the end": lambda sealed: sealed + b"x",
    "another such file behind it": lambda sealed: sealed + sealed,
    "it never was sealed": lambda sealed: CONTENT,
}


@pytest.mark.parametrize("which", CHANGES)
def test_what_is_not_what_was_sealed_is_refused(which):
    with pytest.raises(Damaged):
        _unsealed(CHANGES[which](_sealed(CONTENT)))


def test_another_key_or_another_recording_opens_nothing():
    sealed = _sealed(CONTENT)
    for secret, about in ((os.urandom(32), ABOUT), (SECRET, uuid.uuid4())):
        with pytest.raises(Damaged):
            _unsealed(sealed, secret, about)


@pytest.fixture
def sound(transactional_db):
    found = receive(recordings.sound("wav", 2))
    yield MediaAsset.objects.get(pk=found.id)
    api.erase(found.id)


def _at_rest(asset: MediaAsset) -> bytes:
    with storage.read(storage.originals(), asset.original) as file:
        return file.read()


def _put_back(asset: MediaAsset, raw: bytes, folder: Path) -> None:
    storage.wipe(storage.originals(), asset.id)
    (folder / "raw").write_bytes(raw)
    asset.original = storage.keep(storage.originals(), asset.id, folder / "raw")
    asset.save()


def test_at_rest_there_is_nothing_of_what_was_sent(sound):
    sent, raw = recordings.sound("wav", 2).read_bytes(), _at_rest(sound)
    assert len(sent) < len(raw) < len(sent) * 1.01
    # Of 16 bytes anywhere in it, and no silence, none may be found.
    windows = {sent[at : at + 16] for at in range(0, len(sent) - 16, 997)}
    assert not any(window in raw for window in windows)
    assert kept.everywhere() == [f"originals/{sound.original}"]


def test_a_destroyed_key_ends_every_copy(sound, tmp_path):
    """A copy of the bytes, as in a backup, with the row still there: nobody can read it."""
    raw, mine = _at_rest(sound), uuid.uuid4()
    with pytest.raises(Damaged), originals.open_(_as_of(sound, mine)) as file:
        file.read()
    keys.destroy(mine)
    with pytest.raises(api.OriginalDropped):
        api.open_original(sound.id)
    _put_back(sound, raw, tmp_path)
    api.start(sound.id, transcribe=False)
    tasks.run_asset.call(str(sound.id))
    job = MediaJob.objects.get(asset_id=sound.id, stage="probe")
    assert (job.state, job.attempt) == ("failed", 1)
    assert "has been destroyed" in job.log_tail


def _as_of(asset: MediaAsset, owner: uuid.UUID) -> MediaAsset:
    keys.create(owner)
    asset.sealed_for = owner
    asset.save()
    return asset


def test_keys_that_are_out_of_reach_are_not_taken_for_destroyed(sound, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "not-mounted"
    with pytest.raises(api.StoreFailed):
        api.open_original(sound.id)
    api.start(sound.id, transcribe=False)
    tasks.run_asset.call(str(sound.id))
    job = MediaJob.objects.get(asset_id=sound.id, stage="probe")
    assert (job.state, job.attempt) == ("ready", 0)


def test_a_damaged_original_is_said_to_staff_and_not_tried_again(sound, tmp_path):
    raw = _at_rest(sound)
    _put_back(sound, _flipped(raw, len(raw) - 100), tmp_path)
    api.start(sound.id, transcribe=False)
    tasks.run_asset.call(str(sound.id))
    job = MediaJob.objects.get(asset_id=sound.id, stage="probe")
    assert (job.state, job.attempt) == ("failed", 1)
    assert job.log_tail.startswith("The original is damaged in its store.")
    with pytest.raises(Damaged), api.open_original(sound.id) as file:
        file.read()
    assert [path for path in Path(settings.MEDIA_WORK_DIR).rglob("*") if path.is_file()] == []
    _put_back(sound, raw, tmp_path)  # from a backup
    assert api.retry(sound.id)
    tasks.run_asset.call(str(sound.id))
    assert api.progress(sound.id).state == "done"


def test_a_stage_reads_a_private_copy_that_goes_with_it(sound, tmp_path):
    work = Work(sound, tmp_path)
    with source.sent(work) as path:
        assert path.read_bytes() == recordings.sound("wav", 2).read_bytes()
        assert path.parent == tmp_path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(RuntimeError), source.sent(work):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_what_workers_that_are_gone_left_is_swept(sound, clock):
    """Of a recording that was erased, of a lease that ended, and of a look at an upload."""
    room, erased = Path(settings.MEDIA_WORK_DIR), uuid.uuid4()
    folders = [room / str(asset) / str(uuid.uuid4()) for asset in (sound.id, erased)]
    for folder in (*folders, room / "intake-abc"):
        folder.mkdir(parents=True)
        (folder / "sent-1").write_bytes(b"a voice")
    job = MediaJob(asset=sound, stage="probe", order=0, not_before=timezone.now())
    job.state, job.lease_token = "running", uuid.UUID(folders[0].name)
    job.lease_expires = timezone.now() + timedelta(seconds=5)
    job.save()
    assert api.sweep_work() == 1
    assert sorted(path.name for path in room.iterdir()) == sorted([str(sound.id), "intake-abc"])
    clock.set(days=1, hours=1)
    assert tick()["left-over work removed"] == 2
    assert list(room.iterdir()) == []


def test_what_came_before_sealing_is_read_as_it_lies_there(sound, tmp_path):
    plain = recordings.sound("wav", 2).read_bytes()
    sound.sealed_for = None
    _put_back(sound, plain, tmp_path)
    with api.open_original(sound.id) as file:
        assert file.read() == plain
    with source.sent(Work(sound, tmp_path)) as path:
        assert path.read_bytes() == plain


def test_nothing_is_kept_for_an_owner_without_a_key(db):
    owner()  # so that there is a store of keys
    upload = uploaded(recordings.sound("mp3", 1))
    with pytest.raises(KeyGone):
        api.receive(upload, owner=uuid.uuid4())
    upload.close()
    assert kept.everywhere() == []
