"""A real S3 server: what is stored there, how privately, and what happens while it is away."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import RequestFactory
from django.utils import timezone

from media_pipeline import api, buckets, storage, tasks
from media_pipeline.models import MediaAsset, MediaJob
from tests import recordings
from tests.faults import door_to
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import owner, receive, uploaded

pytestmark = [pytest.mark.stack, pytest.mark.django_db(transaction=True)]
MB = 2**20


@pytest.fixture(autouse=True)
def _nothing_left(settings):
    usual = settings.STORAGES
    yield
    settings.STORAGES = usual
    left = kept.everywhere()
    kept.empty()
    assert left == []


def at_server(settings, **options) -> None:
    """Have every store use other options: another address, key or bucket."""
    settings.STORAGES = {
        alias: {**place, "OPTIONS": place["OPTIONS"] | options}
        if "bucket_name" in place.get("OPTIONS", {})
        else place
        for alias, place in settings.STORAGES.items()
    }


@pytest.fixture
def door(settings):
    """A door to the S3 server, in front of all that a test does with the stores."""
    with door_to(storages["originals"].endpoint_url) as door:
        at_server(settings, endpoint_url=door.address)
        yield door
        door.open()


@pytest.fixture
def sound(door):
    """A recording that waits to be prepared; erased afterwards."""
    asset = receive(recordings.sound("mp3", 1))
    api.start(asset.id, transcribe=False)
    yield asset
    door.open()
    api.erase(asset.id)


def half_sent(store, name: str) -> None:
    """An upload in parts whose sender died after the first."""
    place = {"Bucket": store.bucket_name, "Key": name}
    server = buckets.client(store)
    upload = server.create_multipart_upload(**place)["UploadId"]
    server.upload_part(**place, UploadId=upload, PartNumber=1, Body=bytes(5 * MB))


def ask(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_bucket_answers_us_alone_and_knows_each_files_type(sound):
    tasks.run_asset.call(str(sound.id))
    assert api.progress(sound.id).state == "done"
    store = storage.renditions()
    for name in storage.listing(store, sound.id):
        assert ask(f"{store.endpoint_url}/{store.bucket_name}/{name}") == 403
    assert ask(f"{store.endpoint_url}/{store.bucket_name}/") == 403
    rows = MediaAsset.objects.get().renditions.exclude(stored="")
    assert {row.name for row in rows} == {"story.mp3", "audio.m4a"}
    for row in rows:
        head = buckets.client(store).head_object(Bucket=store.bucket_name, Key=row.stored)
        assert head["ContentType"] == row.content_type
        assert head["Metadata"] == {}


def test_a_range_does_not_fetch_a_whole_film(tmp_path, monkeypatch):
    path, asset_id, store = tmp_path / "film", uuid.uuid4(), storage.renditions()
    path.write_bytes(os.urandom(20 * MB))
    content = path.read_bytes()
    name = storage.keep(store, asset_id, path)
    fetched = []
    real = buckets._Remote._part
    monkeypatch.setattr(
        buckets._Remote,
        "_part",
        lambda self, first, last: fetched.append(last - first + 1) or real(self, first, last),
    )
    with storage.read(store, name) as file:
        file.seek(12 * MB)
        assert file.read(1000) == content[12 * MB : 12 * MB + 1000]
    assert 0 < sum(fetched) <= 2 * MB
    storage.wipe(store, asset_id)


MEASURE = """
import json, os, sys, uuid
from pathlib import Path
import django
given = json.loads(sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "archive.settings.test"
import shutil
from archive.settings import test
shutil.rmtree(test.TEST_ROOM)
for alias, bucket in given["buckets"].items():
    test.STORAGES[alias]["OPTIONS"]["bucket_name"] = bucket
django.setup()
from media_pipeline import sealing, storage
store, room, asset = storage.renditions(), Path(given["room"]), uuid.UUID(given["asset"])
def peak():
    # Not ru_maxrss: a child begins with its parent's.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) // 1024
small = room / "small"; small.write_bytes(b"x" * 1000)
storage.keep(store, asset, small)
said = [peak()]
name = storage.keep(store, asset, room / "large"); said.append(peak())
with storage.local(store, name, room) as path:
    assert path.stat().st_size == given["size"]
    said.append(peak())
with storage.read(store, name) as file:
    while file.read(65536): pass
said.append(peak())
with (room / "again").open("rb") as file:
    sealed = sealing.seal(sealing.pieces_of(file), bytes(32), asset)
    name = storage.put(storage.originals(), asset, sealed); said.append(peak())
with storage.read(storage.originals(), name) as file:
    assert sum(map(len, sealing.unseal(file, bytes(32), asset))) == given["size"]
said.append(peak())
print(json.dumps(said))
"""


def test_memory_stays_flat_for_a_film_of_200_megabytes(tmp_path):
    size, asset_id = 200 * MB, uuid.uuid4()
    for name in ("large", "again"):
        with (tmp_path / name).open("wb") as file:
            for _ in range(size // MB):
                file.write(os.urandom(MB))
    given = {
        "buckets": {
            alias: settings.STORAGES[alias]["OPTIONS"]["bucket_name"]
            for alias in ("originals", "renditions", "incoming")
        },
        "room": str(tmp_path),
        "asset": str(asset_id),
        "size": size,
    }
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps(given)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    before, *peaks = json.loads(done.stdout)
    for store in (storage.renditions(), storage.originals(), storage.incoming()):
        storage.wipe(store, asset_id)
    assert max(peaks) - before < 60, f"MB: {before} at first, then {peaks}"


def test_whoever_opens_a_file_by_the_store_reads_it_in_pieces_too(settings):
    """Pictures of the site, and whoever looks through every store."""
    place = {**settings.STORAGES["default"], "BACKEND": "media_pipeline.buckets.Bucket"}
    settings.STORAGES = {**settings.STORAGES, "default": place}
    store, content = storages["default"], os.urandom(3 * MB)
    assert store.connection.meta.client.meta.config.connect_timeout == 3
    name = store.save("pictures/one", ContentFile(content))
    with store.open(name) as file:
        assert isinstance(file.file, io.BufferedReader)
        file.seek(2 * MB)
        assert file.read(9) == content[2 * MB : 2 * MB + 9]
        assert b"".join(file.chunks()) == content
        assert file.size == len(content)
    store.delete(name)
    with pytest.raises(FileNotFoundError):
        store.open(name)


def test_parts_of_an_upload_that_never_ended_are_seen_and_wiped():
    asset_id, store = uuid.uuid4(), storage.originals()
    half_sent(store, f"{asset_id}/{'a' * 32}")
    assert storage.listing(store, asset_id) == []
    assert api.remnants(asset_id) == ["originals: an unfinished upload"]
    api.erase(asset_id)
    assert api.remnants(asset_id) == []


def test_who_died_in_mid_intake_is_swept_after_a_day(clock):
    """One died while sending, one before the row was written, one right after it."""
    sending, sent = uuid.uuid4(), uuid.uuid4()
    half_sent(storage.originals(), f"{sending}/{'a' * 32}")
    found = receive(recordings.sound("mp3", 1))
    for asset_id in (sending, sent, found.id):
        storage.put(storage.incoming(), asset_id, [])
    storage.put(storage.originals(), sent, [b"x"])
    assert api.sweep_incoming() == 0, "nothing is old yet"
    assert len(api.remnants(sending)) == len(api.remnants(sent)) == 2
    clock.set(days=1, hours=1)
    assert api.sweep_incoming() == 3
    assert api.remnants(sending) == api.remnants(sent) == []
    assert kept.names("incoming") == []
    assert len(kept.names("originals")) == 1
    api.erase(found.id)


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_store_that_is_away_keeps_nothing_and_says_so_kindly(door, fault):
    getattr(door, fault)()
    upload = uploaded(recordings.sound("mp3", 1))
    with pytest.raises(api.NotKept) as refused:
        api.receive(upload, owner=owner())
    upload.close()
    assert "Nothing you wrote is lost" in refused.value.sentence
    assert door.met
    door.open()
    assert kept.everywhere() == []
    assert not MediaAsset.objects.exists()


def test_a_store_that_goes_away_half_way_is_swept_later(door, clock, monkeypatch):
    real = buckets.put_pieces

    def cut_off(store, *given):
        if store.bucket_name == storage.originals().bucket_name:
            door.shut()
        real(store, *given)

    monkeypatch.setattr(buckets, "put_pieces", cut_off)
    with pytest.raises(api.NotKept):
        receive(recordings.sound("mp3", 1))
    door.open()
    assert not MediaAsset.objects.exists()
    assert [name.partition("/")[0] for name in kept.everywhere()] == ["incoming"]
    clock.set(days=1, hours=1)
    assert api.sweep_incoming() == 1
    assert kept.everywhere() == []


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_work_waits_for_a_store_that_is_away_and_uses_up_no_attempt(sound, door, settings, fault):
    settings.MEDIA_MAX_ATTEMPTS = 2
    getattr(door, fault)()
    for _ in range(3):
        tasks.run_asset.call(str(sound.id))
        job = MediaJob.objects.get(asset_id=sound.id, stage="probe")
        assert (job.state, job.attempt, job.lease_token) == ("ready", 0, None)
        assert job.not_before > timezone.now()
        MediaJob.objects.update(not_before=timezone.now())
    assert "try again" in api.progress(sound.id).problem
    assert job.log_tail.startswith("The S3 server")
    door.open()
    assert api.ring_all() == 1
    tasks.run_asset.call(str(sound.id))
    assert api.progress(sound.id).state == "done"


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_erasing_fails_until_everything_is_gone(sound, door, fault):
    getattr(door, fault)()
    with pytest.raises(api.StoreFailed):
        api.erase(sound.id)
    assert "stores: not to be reached" in api.remnants(sound.id)
    assert MediaAsset.objects.exists(), "nobody would know any more what to erase"
    door.open()
    api.erase(sound.id)
    assert api.remnants(sound.id) == []


def test_a_thread_that_cannot_reach_the_store_answers_503(sound, door):
    tasks.run_asset.call(str(sound.id))
    api.release(sound.id, ["story.mp3"])
    request = RequestFactory().get("/story.mp3")
    door.shut()
    response = api.respond(request, sound.id, "story.mp3", allowed=api.RELEASED)
    assert (response.status_code, response.content) == (503, b"")
    assert response["Retry-After"] == "60"


def test_what_is_wrong_with_a_store_is_named(settings, door):
    assert api.problem() == ""
    place = door.address.removeprefix("http://")
    door.shut()
    assert api.problem().startswith(f"The S3 server can't be reached at {place}.")
    door.busy()
    assert f"The S3 server at {place} answered 503" in api.problem()
    door.open()
    for wrong in ({"secret_key": "wrong-secret-key"}, {"access_key": "somebody"}):
        right = settings.STORAGES
        at_server(settings, **wrong)
        found = api.problem()
        assert found.startswith(f"The S3 server at {place} does not know our key.")
        assert not any(value in found for value in wrong.values())
        with pytest.raises(OSError):  # noqa: PT011 - any trouble will do, but no silence
            api.prepare()
        settings.STORAGES = right


def test_a_missing_bucket_is_named_and_made(settings):
    bucket = f"{settings.STORAGES['incoming']['OPTIONS']['bucket_name']}-new"
    place = settings.STORAGES["incoming"]
    new = {**place, "OPTIONS": place["OPTIONS"] | {"bucket_name": bucket}}
    settings.STORAGES = {**settings.STORAGES, "incoming": new}
    assert api.problem().startswith(f"The bucket {bucket} is missing at ")
    assert "manage.py prepare" in api.problem()
    assert api.prepare() == 1
    assert api.problem() == ""
    assert api.prepare() == 0
    buckets.client(storage.incoming()).delete_bucket(Bucket=bucket)


@pytest.mark.parametrize("may", ["s3:ListBucket", "s3:GetObject"])
def test_a_public_bucket_is_named(may, tmp_path):
    store, asset_id = storage.renditions(), uuid.uuid4()
    (tmp_path / "made").write_bytes(b"x")
    storage.keep(store, asset_id, tmp_path / "made")
    server, bucket = buckets.client(store), store.bucket_name
    what = f"arn:aws:s3:::{bucket}" + ("/*" if may == "s3:GetObject" else "")
    rule = {"Effect": "Allow", "Principal": "*", "Action": may, "Resource": what}
    policy = {"Version": "2012-10-17", "Statement": [rule]}
    server.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    try:
        assert api.problem().startswith(f"The bucket {bucket} is not private")
    finally:
        server.delete_bucket_policy(Bucket=bucket)
        storage.wipe(store, asset_id)
    assert api.problem() == ""
