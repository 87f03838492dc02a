"""One film and one sound recording through the whole pipeline, with the real speech model."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest
import webvtt
from django.test import RequestFactory
from django_tasks_db.models import DBTaskResult
from PIL import Image

from media_pipeline import api, storage, tasks
from media_pipeline.models import Rendition
from media_pipeline.names import PICTURES
from tests import recordings
from tests.media_pipeline.conftest import receive

# Both are made before a test's own transaction begins, in which no heartbeat could be written.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("film", "speech")]


def _prepared(source: Path, blocker):
    with blocker.unblock():
        asset = receive(source)
        api.start(asset.id, transcribe=True)
        tasks.run_asset.call(str(asset.id))
        yield asset.id
        api.erase(asset.id)
        DBTaskResult.objects.all().delete()
        assert api.remnants(asset.id) == []


@pytest.fixture(scope="module")
def film(django_db_setup, django_db_blocker):
    yield from _prepared(recordings.video("mp4"), django_db_blocker)


@pytest.fixture(scope="module")
def speech(django_db_setup, django_db_blocker):
    yield from _prepared(recordings.sound("mp3"), django_db_blocker)


@pytest.fixture
def fetch():
    """Everything of an asset, fetched through the door into a folder, as a player would."""

    def into(asset_id, folder: Path, allowed=None) -> Path:
        names = set(api.renditions(asset_id)) if allowed is None else allowed
        for name in names:
            request = RequestFactory().get("/" + name)
            response = api.respond(request, asset_id, name, allowed=names)
            (folder / name).write_bytes(response.getvalue())
        return folder

    return into


def test_a_film_becomes_everything_a_player_needs(film):
    assert api.progress(film).state == "done", api.progress(film)
    others = {f"{rung}.{kind}" for rung in PICTURES[1:] for kind in ("m3u8", "mp4")}
    assert set(api.renditions(film)) == set(api.NEEDS) - others - {api.SPOKEN}
    assert not any(one.released for one in api.renditions(film).values())
    assert api.renditions(film)["story.mp4"].width == 320


def test_a_sound_recording_has_no_picture_anywhere(speech):
    assert api.progress(speech).state == "done", api.progress(speech)
    assert set(api.renditions(speech)) == {
        "story.mp3",
        "audio.m4a",
        "audio.m3u8",
        "peaks.json",
        "captions.vtt",
    }


def test_hls_plays_with_a_reader_that_is_not_ours(film, fetch, tmp_path):
    folder = fetch(film, tmp_path)
    length = recordings.reading().seconds
    for name in ("master.m3u8", "240p.m3u8", "audio.m3u8"):
        played = recordings.plays(folder / name, "-allowed_extensions", "ALL")
        assert played == pytest.approx(length, abs=0.5), name
    for name in ("story.mp4", "story.mp3", "240p.mp4", "audio.m4a"):
        assert recordings.plays(folder / name) == pytest.approx(length, abs=0.5), name
    with Image.open(folder / "poster.jpg") as poster:
        assert poster.size == (320, 180)


def test_keyframes_come_every_four_seconds(film, fetch, tmp_path):
    folder = fetch(film, tmp_path)
    argv = ["ffprobe", "-v", "error", "-skip_frame", "nokey", "-select_streams", "v"]
    argv += ["-show_entries", "frame=pts_time", "-of", "csv=p=0", folder / "240p.mp4"]
    shown = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    times = [float(time.strip(",")) for time in shown]
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert len(gaps) >= 5
    assert gaps == pytest.approx([4.0] * len(gaps), abs=0.1)


@pytest.mark.parametrize("asset", ["film", "speech"])
def test_the_words_are_those_of_the_reading(asset, request):
    cues = api.cues(request.getfixturevalue(asset))
    truth = recordings.reading()
    heard = " ".join(cue.text for cue in cues)
    assert recordings.word_error_rate(truth.words, heard) < 0.20, heard
    words = [word for cue in cues for word in cue.words]
    assert all(type(word.start) is float and word.start <= word.end for word in words)
    starts = [word.start for word in words]
    assert starts == sorted(starts)
    # Where the third reading begins in the file, its first word must begin too.
    begins = sum(one.seconds for one in recordings.readings()[:2])
    unless = next(word for word in words if word.text.lower().startswith("unless"))
    assert unless.start == pytest.approx(begins, abs=1.0)


def test_captions_are_webvtt_that_another_reader_understands(speech, fetch, tmp_path):
    folder = fetch(speech, tmp_path)
    captions = webvtt.read(folder / "captions.vtt")
    assert [one.text.replace("\n", " ") for one in captions] == [c.text for c in api.cues(speech)]


def test_loudness_is_brought_to_the_target(speech, tmp_path):
    from media_pipeline import loudness

    row = Rendition.objects.get(asset_id=speech, name="story.mp3")
    sent = loudness.measure(recordings.sound("mp3"), 0, tmp_path, 60)
    assert abs(sent - loudness.MONO_TARGET) > 2, "this reading needs no change"
    with storage.local(storage.renditions(), row.stored, tmp_path) as path:
        measured = loudness.measure(path, 0, tmp_path, 60)
    assert measured == pytest.approx(loudness.MONO_TARGET, abs=1.0)


def test_only_what_is_released_is_served_to_everyone(film):
    def status(name):
        request = RequestFactory().get("/" + name)
        return api.respond(request, film, name, allowed=api.RELEASED).status_code

    assert status("story.mp3") == 404
    api.release(film, ["story.mp3", "audio.m3u8", "audio.m4a", "master.m3u8"])
    assert [status(name) for name in ("story.mp3", "story.mp4", "poster.jpg")] == [200, 404, 404]
    master = api.respond(RequestFactory().get("/"), film, "master.m3u8", allowed=api.RELEASED)
    text = master.getvalue().decode()
    assert "audio.m3u8" in text
    assert "video" not in text
    assert "avc1" not in text
    api.release(film, ["poster.jpg"])
    assert [status(name) for name in ("story.mp3", "poster.jpg")] == [404, 200]
    Rendition.objects.filter(asset_id=film, name="story.mp4").update(proven_clean=False)
    for bad in ("story.mp4", "nothing.mp4"):
        with pytest.raises(api.NotReleasable):
            api.release(film, [bad])
    assert status("poster.jpg") == 200, "a refused release must change nothing"


def test_starting_again_changes_nothing(film):
    before = api.renditions(film)
    api.start(film, transcribe=True)
    tasks.run_asset.call(str(film))
    assert api.ring_all() == 0
    assert {name: one.sha256 for name, one in api.renditions(film).items()} == {
        name: one.sha256 for name, one in before.items()
    }
