"""What is made of a recording when voice or face are not to be shown, from end to end."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
from django.test import RequestFactory

from media_pipeline import api, faces, loudness, tasks
from media_pipeline.models import MediaAsset, MediaJob, Rendition
from tests import recordings
from tests.media_pipeline import kept, voices
from tests.media_pipeline.conftest import receive

pytestmark = pytest.mark.django_db(transaction=True)

SOUND = {"audio.m3u8", "audio.m4a", "story.mp3", "peaks.json"}


@pytest.fixture(autouse=True)
def _nothing_is_left(transactional_db):
    yield
    for asset in MediaAsset.objects.values_list("pk", flat=True):
        api.erase(asset)
        assert api.remnants(asset) == []
    assert kept.everywhere() == []


def prepared(path, **wish):
    return again(receive(path).id, **wish)


def again(asset, transcribe=False, **wish):
    api.start(asset, transcribe=transcribe, **wish)
    tasks.run_asset.call(str(asset))
    assert api.progress(asset).state == "done", api.progress(asset)
    return asset


def fetched(asset, name, folder):
    with api.open_rendition(asset, name) as source:
        (folder / name).write_bytes(source.read())
    return folder / name


def facts(asset):
    made = api.renditions(asset).values()
    return {(one.voice, one.face) for one in made} - {("", "")}


def status(asset, name):
    request = RequestFactory().get("/" + name)
    return api.respond(request, asset, name, allowed=frozenset(api.NEEDS)).status_code


def test_a_disguised_voice_is_all_that_can_be_heard(tmp_path):
    path = recordings.video("mp4", 1)
    asset = prepared(path, voice="disguised")
    assert facts(asset) == {("disguised", ""), ("", "as_is"), ("disguised", "as_is")}
    sent = voices.samples(path)
    for name in ("audio.m4a", "story.mp3", "story.mp4"):
        made = voices.samples(fetched(asset, name, tmp_path))
        assert len(made) == pytest.approx(len(sent), abs=0.1 * voices.RATE), name
        assert voices.likeness(sent, made) < 0.8, name
    loud = loudness.measure(tmp_path / "audio.m4a", 0, tmp_path, 60)
    assert loud == pytest.approx(loudness.MONO_TARGET, abs=1.5)
    # The picture goes on as it was, and fits: each is as long as the other.
    assert recordings.seconds(tmp_path / "story.mp4") == pytest.approx(
        recordings.seconds(path), abs=0.2
    )
    once = fetched(asset, "audio.m4a", tmp_path).read_bytes()
    api.start(asset, transcribe=False, voice="disguised")  # the same wish: nothing is made again
    assert not MediaJob.objects.filter(asset=asset, state="ready").exists()
    assert fetched(asset, "audio.m4a", tmp_path).read_bytes() == once


def test_a_wish_closes_at_once_what_shows_more(tmp_path):
    path = recordings.video("mp4", 1)
    asset = prepared(path)
    before = set(api.renditions(asset))
    assert before > SOUND
    api.start(asset, transcribe=False, voice="disguised")
    # No worker has run; and no door of the room lets it out, whoever asks.
    with_sound = {*SOUND, "story.mp4"}
    assert set(api.renditions(asset)) == before - with_sound
    assert {status(asset, name) for name in with_sound} == {404}
    assert [api.open_rendition(asset, name) for name in with_sound] == [None] * 5
    with pytest.raises(api.NotReleasable):
        api.release(asset, ["story.mp3"])
    tasks.run_asset.call(str(asset))
    assert set(api.renditions(asset)) == before
    assert voices.likeness(
        voices.samples(path), voices.samples(fetched(asset, "story.mp3", tmp_path))
    ) < 0.8  # fmt: skip
    # Nothing unaltered lies among what can be handed out: only the original still is.
    known = set(Rendition.objects.exclude(stored="").values_list("stored", flat=True))
    assert set(kept.names("renditions")) == known


def test_who_wants_words_only_is_neither_heard_nor_seen():
    asset = prepared(recordings.video("mp4", 1), voice="none", face="none", transcribe=True)
    assert set(api.renditions(asset)) == {"captions.vtt"}
    assert "leisure" in " ".join(cue.text for cue in api.cues(asset))
    assert {name.split("/")[0] for name in kept.names("originals")} == {str(asset)}
    assert kept.names("renditions") == []


def test_a_film_can_be_shown_without_its_sound_or_heard_without_its_picture():
    asset = prepared(recordings.video("mp4", 1))
    sound = {name: api.renditions(asset)[name].sha256 for name in SOUND}
    again(asset, voice="none")
    assert facts(asset) == {("", "as_is"), ("none", "as_is")}
    assert not SOUND & set(api.renditions(asset))
    again(asset, voice="own", face="none")
    # To the byte, or what was agreed to would close with the picture.
    assert {name: item.sha256 for name, item in api.renditions(asset).items()} == sound
    assert facts(asset) == {("own", "")}


def test_a_wish_made_while_it_is_worked_on_takes_the_work_away(monkeypatch):
    """A stage that was begun for another wish hands nothing over, however far it has come."""
    asset = receive(recordings.sound("mp3", 1)).id
    api.start(asset, transcribe=False)
    from media_pipeline import runner

    whole = runner._finish

    def late(job, token, work, result):
        if job.stage == "transcode":
            monkeypatch.setattr(runner, "_finish", whole)
            api.start(asset, transcribe=False, voice="disguised")
        whole(job, token, work, result)

    monkeypatch.setattr(runner, "_finish", late)
    tasks.run_asset.call(str(asset))
    assert not Rendition.objects.filter(asset=asset, voice="own").exists()
    again(asset)
    assert facts(asset) == {("disguised", "")}


def test_with_the_original_goes_what_was_disguised_and_only_more_can_be_hidden_then(tmp_path):
    path = recordings.sound("mp3", 1)
    asset = prepared(path, voice="disguised")
    assert len(kept.names("originals")) == 2
    assert api.drop_original(asset)
    assert kept.names("originals") == []
    with pytest.raises(api.OriginalDropped):
        api.start(asset, transcribe=False, voice="own")
    assert facts(asset) == {("disguised", "")}
    again(asset, voice="none")
    assert api.renditions(asset) == {}


def test_who_wants_to_be_disguised_later_is_even_without_the_original(tmp_path):
    path = recordings.sound("mp3", 1)
    asset = prepared(path)
    assert api.drop_original(asset)
    again(asset, voice="disguised")
    made = voices.samples(fetched(asset, "audio.m4a", tmp_path))
    sent = voices.samples(path)
    assert facts(asset) == {("disguised", "")}
    assert np.isfinite(made).all()
    assert voices.likeness(sent, made) < 0.8
    assert api.drop_original(asset)
    assert kept.names("originals") == []


def pictures(path, every=1):
    """Every so many-th frame, upright, as RGB."""
    size = faces.look_size(320, 256)
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-vf"]
    argv += [f"select=not(mod(n\\,{every})),scale={size[0]}:{size[1]}", "-vsync", "passthrough"]
    argv += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)


def test_no_face_can_be_found_in_a_blurred_film_that_was_turned(tmp_path):
    path = recordings.turned_face(tmp_path)
    before = pictures(path, 6)
    assert all(faces.find(frame) for frame in before), "there is a face all along"
    asset = prepared(path, face="blurred")
    assert facts(asset) == {("", "blurred"), ("own", "blurred"), ("own", "")}
    assert api.info(asset).note == ""
    for name in ("240p.mp4", "story.mp4", "poster.jpg"):
        after = pictures(fetched(asset, name, tmp_path), 2 if name == "240p.mp4" else 6)
        assert len(after)
        assert [n for n, frame in enumerate(after) if faces.find(frame)] == [], name
    # What lies over the face is one colour: nothing of it is left to be got back.
    after = pictures(tmp_path / "240p.mp4", 6)
    for sent, made in zip(before, after, strict=False):
        box = faces.find(sent)[0]
        rows, columns = (
            slice(int((at - size / 2) * side), int((at + size / 2) * side))
            for at, size, side in ((box.y, box.height, 256), (box.x, box.width, 320))
        )
        scale = made.shape[0] / 256
        part = made[slice(*(int(n * scale) for n in (rows.start, rows.stop)))]
        part = part[:, slice(*(int(n * scale) for n in (columns.start, columns.stop)))]
        assert part.std(axis=(0, 1)).max() < 3
        assert sent[:40].std() > 20  # and the rest is a picture still
        assert made[:20].std() > 10


def test_a_film_without_a_face_is_looked_at_by_somebody():
    asset = prepared(recordings.video("mp4", 1), face="blurred")
    assert "found none" in api.info(asset).note
    assert {face for _, face in facts(asset)} == {"", "blurred"}


def test_without_the_face_finder_no_frame_is_shown(monkeypatch):
    monkeypatch.setattr(faces, "available", lambda: False)
    asset = prepared(recordings.video("mp4", 1), face="blurred")
    assert set(api.renditions(asset)) == SOUND
    assert "not installed" in api.info(asset).note
