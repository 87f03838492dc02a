"""What is drawn of a recording: the storyboard, posters, the shape of the sound; and how loud."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import webvtt
from PIL import Image

from media_pipeline import facts, ffmpeg, graph, intake, loudness, peaks, storyboard
from media_pipeline.models import MediaAsset
from media_pipeline.stages import clean, transcode
from media_pipeline.work import Work
from tests import recordings

COLOURS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
SECONDS_EACH = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with what the stage makes of four colours of three seconds each, with a sound that
    begins in their middle and goes on for four seconds after the last of them."""
    folder = tmp_path_factory.mktemp("sheets")
    inputs: list[str] = []
    for name in COLOURS:
        inputs += ["-f", "lavfi", "-i", f"color={name}:s=320x180:r=25:d={SECONDS_EACH}"]
    sound = "aevalsrc='0.25*gte(t,6)*sin(2*PI*440*t)':s=48000:d=16"
    argv = ["-filter_complex", "[0][1][2][3]concat=n=4[v]", "-map", "[v]", "-map", "4"]
    source = folder / "source.mkv"
    recordings.run(*inputs, "-f", "lavfi", "-i", sound, *argv, "-pix_fmt", "yuv420p", source)
    found, seconds = intake.examine(source)
    assert seconds == pytest.approx(16, abs=0.1)
    work = Work(MediaAsset(seconds=seconds, loudness_sent=None), folder)
    ffmpeg.run(graph.everything(source, found, 0.0, seconds), folder=folder, deadline=100)
    rows = transcode._pictures(work, found) + transcode.sounds(folder, found)
    for row in rows:
        if row.text:
            (folder / row.name).write_text(row.text)
    return folder


def _colour(picture: Image.Image, box: tuple[int, int, int, int]) -> str:
    """The name of the colour in the middle of a part of a picture."""
    left, top, width, height = box
    seen = picture.convert("RGB").getpixel((left + width // 2, top + height // 2))
    return min(
        COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], seen, strict=True))
    )


def test_the_storyboard_shows_each_moment_in_its_tile(made):
    cues = list(webvtt.read(made / "storyboard.vtt"))
    assert len(cues) == 12, "none for the seconds in which there is only sound"
    with Image.open(made / "storyboard.jpg") as sheet:
        for cue in cues:
            name, _, box = cue.text.partition("#xywh=")
            assert name == "storyboard.jpg"
            left, top, width, height = map(int, box.split(","))
            assert left + width <= sheet.width
            assert top + height <= sheet.height
            middle = (cue.start_in_seconds + cue.end_in_seconds) / 2
            truth = list(COLOURS)[int(middle / SECONDS_EACH)]
            assert _colour(sheet, (left, top, width, height)) == truth, cue
    assert cues[-1].end_in_seconds == pytest.approx(12, abs=0.2)


def test_a_long_film_has_no_larger_sheet_than_a_short_one():
    board = storyboard.plan(426, 240, 7200)
    assert (board.tiles, board.seconds) == (100, 72)
    assert board.webvtt(7200).count("-->") == 100
    assert storyboard.plan(240, 426, 0.2).tiles == 1


def test_posters_are_from_three_places_of_the_picture(made):
    seen = []
    for number in (1, 2, 3):
        with Image.open(made / f"poster-{number}.jpg") as poster:
            assert poster.size == (320, 180)
            seen.append(_colour(poster, (0, 0, 320, 180)))
    assert seen == ["red", "lime", "blue"]
    assert (made / "poster.jpg").read_bytes() == (made / "poster-1.jpg").read_bytes()


def test_the_shape_of_the_sound_is_that_of_the_sound(made):
    shape = json.loads((made / "peaks.json").read_text())
    assert (shape["version"], shape["channels"], shape["bits"]) == (2, 1, 8)
    assert len(shape["data"]) == 2 * shape["length"]
    each = shape["samples_per_pixel"] / shape["sample_rate"]
    assert shape["length"] * each == pytest.approx(16, abs=0.1)
    low, high = shape["data"][::2], shape["data"][1::2]
    begins = round(6 / each)
    assert {*low[: begins - 8], *high[: begins - 8]} <= {-1, 0}
    for ends, extreme in ((low, -32), (high, 31)):
        assert ends[begins + 8 : -8] == pytest.approx([extreme] * (len(ends) - begins - 16), abs=2)


def test_loudness_is_that_of_the_file_that_was_made(made, tmp_path):
    assert loudness.result(made) == pytest.approx(
        loudness.measure(made / "audio.m4a", 0, tmp_path, 60), abs=0.3
    )


@pytest.mark.parametrize("said", ["", "frame:0 pts:0\nlavfi.r128.I=-70.000\n", "x=nan\n", "x=-inf"])
def test_silence_has_no_loudness(said, tmp_path):
    (tmp_path / loudness.WATCHED).write_text(said)
    assert loudness.result(tmp_path) is None


def test_progress_is_told_from_the_beginning(tmp_path):
    """An output that began late would hold ffmpeg's reports back, and look like a stall."""
    source = recordings.video("mp4", 2)
    found, seconds = intake.examine(source)
    assert isinstance(found.rate, Fraction)
    told: list[float] = []
    argv = graph.everything(source, found, 0.0, seconds)
    slowed = [argv[0], "-readrate", "4", *argv[1:]]
    ffmpeg.run(slowed, folder=tmp_path, deadline=100, on_progress=told.append)
    assert told[0] < seconds / 2


def test_six_channels_become_two_and_are_clean(tmp_path):
    source = recordings.make("mkv", 1, options=("-ac", "6"))
    found, seconds = intake.examine(source)
    assert found.channels == 6
    ffmpeg.run(graph.everything(source, found, 0.0, seconds), folder=tmp_path, deadline=100)
    for name in ("audio.m4a", "story.mp3"):
        clean.check(name, tmp_path / name)
        assert ffmpeg.probe(tmp_path / name)["streams"][0]["channels"] == 2


def test_a_picture_too_short_to_seek_in_has_one_poster():
    assert graph.posters("240p.mp4", 0.0).count("-i") == 1
    assert graph.posters("240p.mp4", 1.0).count("-i") == 3


def test_texts_with_anything_else_in_them_are_refused(made):
    for name, spoil in (
        ("storyboard.vtt", lambda text: text + "\nNOTE a name\n"),
        ("storyboard.vtt", lambda text: text.replace("storyboard.jpg", "http://x/y.jpg", 1)),
        ("peaks.json", lambda text: text.replace("}", ',"title":"a name"}')),
        ("peaks.json", lambda text: text.replace("[", '["a name",', 1)),
        ("peaks.json", lambda text: "a name"),
    ):
        text = (made / name).read_text()
        assert clean.TEXTS[name](text)
        assert not clean.TEXTS[name](spoil(text))


@pytest.mark.parametrize("size", [(2, 2), (16, 400), (160, 90)])
def test_tiny_and_narrow_pictures_have_one_rung_and_a_sheet(size, tmp_path):
    source = recordings.make("mkv", 1, picture=f"testsrc=s={size[0]}x{size[1]}:r=5")
    found, seconds = intake.examine(source)
    ffmpeg.run(graph.everything(source, found, 0.0, seconds), folder=tmp_path, deadline=100)
    work = Work(MediaAsset(seconds=seconds), tmp_path)
    made = {row.name for row in transcode._pictures(work, found)}
    assert [name for name in made if name.endswith("p.mp4")] == ["240p.mp4"]
    assert facts.rungs(*size)[0][1:] == size or max(size) > 320
    assert peaks.drawn(tmp_path / peaks.PCM).startswith('{"version":2')
