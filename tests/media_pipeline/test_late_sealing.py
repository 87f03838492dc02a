"""Originals from before sealing: sealed later, and nothing is lost when that is cut short."""

from __future__ import annotations

import uuid
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from media_pipeline import api, late_sealing, sealing, storage
from media_pipeline.models import MediaAsset, MediaJob
from stories.contributions import keys
from stories.contributions.models import Contribution, Upload
from tests import recordings
from tests.media_pipeline import kept, killed

SEAL = "django.core.management:call_command"


@pytest.fixture
def plain(contributor, tmp_path) -> MediaAsset:
    """A recording of somebody's, with another beside it, as they were kept in the beginning."""
    contributor.begin("recording")
    contributor.upload(recordings.sound("mp3", 2))
    asset = MediaAsset.objects.get()
    storage.wipe(storage.originals(), asset.pk)
    for kind in ("original", "disguised"):
        path = tmp_path / kind
        path.write_bytes(_sent() if kind == "original" else b"another voice")
        setattr(asset, kind, storage.keep(storage.originals(), asset.pk, path))
    asset.sealed_for = None
    asset.save()
    return asset


def _sent() -> bytes:
    return recordings.sound("mp3", 2).read_bytes()


def _at_rest() -> list[bytes]:
    found = []
    for name in kept.names("originals"):
        with storage.read(storage.originals(), name) as file:
            found.append(file.read())
    return found


def _seal(*options: str) -> str:
    said, wrong = StringIO(), StringIO()
    with suppress(SystemExit):
        call_command("seal_originals", *options, stdout=said, stderr=wrong)
    return said.getvalue() + wrong.getvalue()


def _assert_sealed(asset: MediaAsset) -> None:
    asset.refresh_from_db()
    assert sorted(kept.names("originals")) == sorted([asset.original, asset.disguised])
    assert all(raw.startswith(sealing.MARK) for raw in _at_rest())
    with api.open_original(asset.pk) as file:
        assert file.read() == _sent()


@pytest.mark.parametrize(("call", "when"), [("put", "after"), ("delete", "before")])
def test_killed_on_the_way_it_loses_nothing_and_goes_on(plain, call, when):
    killed.die("media_pipeline.storage:", call, when, SEAL, "seal_originals")
    assert len(kept.names("originals")) > 2, "it was not killed in the middle"
    with api.open_original(plain.pk) as file:
        assert file.read() == _sent()
    _seal()
    _assert_sealed(plain)
    keys.destroy(Contribution.objects.get().contributor_key)
    with pytest.raises(api.OriginalDropped):
        api.open_original(plain.pk)


def test_all_of_it_is_sealed_and_erased_with_its_story(plain, contributor):
    assert "1 recordings sealed." in _seal()
    _assert_sealed(plain)
    assert "0 recordings sealed." in _seal()
    _assert_sealed(plain)
    api.erase_all(Contribution.objects.get().contributor_key)
    assert kept.everywhere() == []


def test_what_is_worked_on_or_is_not_what_was_sent_stays_as_it_is(plain, tmp_path):
    job = MediaJob(asset=plain, stage="probe", order=0, not_before=timezone.now())
    job.state, job.lease_token = "running", uuid.uuid4()
    job.save()
    before = kept.names("originals")
    assert "1 are being worked on just now" in _seal()
    job.delete()
    MediaAsset.objects.update(sha256="0" * 64)
    assert "1 are not what was sent" in _seal()
    assert kept.names("originals") == before
    MediaAsset.objects.update(sha256=plain.sha256)
    keys.destroy(Contribution.objects.get().contributor_key)
    assert "has been destroyed" in _seal()
    assert kept.names("originals") == before


def test_what_belongs_to_no_story_goes_when_somebody_says_so(plain):
    Upload.objects.all().delete()
    before = kept.names("originals")
    assert "1 belong to no story" in _seal()
    assert kept.names("originals") == before
    assert "1 recordings erased" in _seal("--erase-strange")
    assert kept.everywhere() == []


def test_a_worker_that_came_while_it_was_sealed_is_not_overtaken(plain, monkeypatch):
    """It saw the plain one, and may have swept a file that no row named."""
    whole = late_sealing._copy

    def slow(*args):
        made = whole(*args)
        job = MediaJob(asset=plain, stage="probe", order=0, not_before=timezone.now())
        job.state = "running"
        job.save()
        return made

    monkeypatch.setattr(late_sealing, "_copy", slow)
    MediaAsset.objects.update(disguised="")
    assert "1 are being worked on just now" in _seal()
    with api.open_original(plain.pk) as file:
        assert file.read() == _sent()
    assert not [raw for raw in _at_rest() if raw.startswith(sealing.MARK)]


def test_what_no_row_knows_of_goes_when_it_is_old(plain, tmp_path, clock):
    """As a death between a rename and its row left it, before there were marks."""
    left = tmp_path / "left"
    left.write_bytes(b"a voice")
    storage.keep(storage.originals(), uuid.uuid4(), left)
    _seal()
    assert len(kept.names("originals")) == 3, "it may be about to be known"
    clock.set(days=1, hours=1)
    assert "1 files removed" in _seal()
    _assert_sealed(plain)
