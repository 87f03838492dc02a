"""A film of one single picture: with sound it stands as long as that, without it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from media_pipeline import api, facts, ffmpeg, still, tasks
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import receive

PICTURE = ("-f", "lavfi", "-i", "testsrc=s=320x180:r=25")


def _film(path: Path, frames: int) -> Path:
    coded = ("-c:v", "libx264", "-pix_fmt", "yuv420p")
    recordings.run(*PICTURE, "-frames:v", str(frames), *coded, path)
    return path


def _facts(path: Path) -> facts.Facts:
    return facts.read(ffmpeg.probe(path))


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_it_is_told_from_a_film(kind, tmp_path):
    for frames in (1, 2):
        path = _film(tmp_path / f"{frames}.{kind}", frames)
        assert still.is_still(path, _facts(path)) is (frames == 1)


def test_without_sound_it_is_refused_in_words(tmp_path, db):
    with pytest.raises(api.UnreadableMedia) as refused:
        receive(_film(tmp_path / "one.mp4", 1))
    assert "one single picture in that file, and no sound" in refused.value.sentence
    assert kept.everywhere() == []


@pytest.mark.parametrize("face", ["as_is", "blurred"])
def test_with_sound_it_stands_until_that_ends(face, tmp_path, transactional_db):
    picture, sound = _film(tmp_path / "one.mp4", 1), recordings.make("wav", 1)
    both = ("-c:v", "copy", "-c:a", "aac", "-t", "3", tmp_path / "both.mp4")
    recordings.run("-i", picture, "-i", sound, "-map", "0:v", "-map", "1:a", *both)
    found = receive(tmp_path / "both.mp4")
    api.start(found.id, transcribe=False, face=face)
    tasks.run_asset.call(str(found.id))
    assert api.progress(found.id).state == "done"
    made = api.renditions(found.id)
    for name in ("240p.mp4", "story.mp4", "audio.m4a"):
        assert made[name].seconds == pytest.approx(3, abs=0.2), name
    assert "poster.jpg" in made
    api.erase(found.id)
