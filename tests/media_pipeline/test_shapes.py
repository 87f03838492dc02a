"""Recordings as phones and browsers really make them: turned, odd, unsteady, silent."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from media_pipeline import facts, ffmpeg, graph, intake
from media_pipeline.stages import clean
from tests import recordings

PICTURE = {"240p.m3u8", "240p.mp4", "storyboard.rgb"}
SOUND = {"audio.m3u8", "audio.m4a", "story.mp3", "peaks.pcm", "loudness.txt"}


def _transcoded(source: Path, folder: Path) -> facts.Facts:
    found, seconds = intake.examine(source)
    ffmpeg.run(graph.everything(source, found, 0.0, seconds), folder=folder, deadline=100)
    return found


def _stream(path: Path) -> dict:
    return ffmpeg.probe(path)["streams"][0]


@pytest.mark.long
def test_a_film_has_the_same_bytes_each_time_with_sound_and_without(tmp_path):
    """However busy the machine is: pictures without their sound are still what was agreed to."""
    source = recordings.video("mp4", 1)
    found, seconds = intake.examine(source)

    def made(number: int) -> str:
        folder = tmp_path / str(number)
        folder.mkdir()
        shown = replace(found, audio=None) if number % 2 else found
        ffmpeg.run(graph.everything(source, shown, 0.0, seconds), folder=folder, deadline=100)
        return hashlib.sha256((folder / "240p.mp4").read_bytes()).hexdigest()

    with ThreadPoolExecutor(6) as side_by_side:
        assert len(set(side_by_side.map(made, range(60)))) == 1


def test_a_turned_phone_gives_an_upright_picture(tmp_path):
    lying = recordings.video("mp4", 1)
    source = tmp_path / "turned.mov"
    recordings.run("-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", source)
    assert facts.turned(_stream(source)) % 180 == 90, "this file is not turned"
    _transcoded(source, tmp_path)
    made = _stream(tmp_path / "240p.mp4")
    assert (made["width"], made["height"]) == (180, 320)
    assert facts.turned(made) == 0


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        ("testsrc=s=161x91:r=10,format=yuv444p", (160, 90)),
        ("testsrc=s=160x90:r=10,setsar=2/1", (320, 90)),
        ("testsrc=s=90x160:r=10", (90, 160)),
    ],
)
def test_odd_sizes_wide_pixels_and_portraits(picture, size, tmp_path):
    options = ("-pix_fmt", "yuv444p") if "444" in picture else ()
    _transcoded(recordings.make("mkv", 1, picture=picture, options=options), tmp_path)
    made = _stream(tmp_path / "240p.mp4")
    assert (made["width"], made["height"]) == size
    assert (made["pix_fmt"], made["sample_aspect_ratio"]) == ("yuv420p", "1:1")


@pytest.mark.parametrize(
    ("size", "ladder"),
    [
        ((3840, 2160), "1080p 1920x1080, 720p 1280x720, 480p 852x480, 360p 640x360, 240p 426x240"),
        ((2160, 3840), "1080p 1080x1920, 720p 720x1280, 480p 480x852, 360p 360x640, 240p 240x426"),
        ((1920, 1088), "1080p 1920x1088, 720p 1270x720, 480p 846x480, 360p 634x360, 240p 422x240"),
        ((1920, 800), "1080p 1920x800, 720p 1280x532, 480p 852x354, 360p 640x266, 240p 426x176"),
        ((854, 480), "480p 854x480, 360p 640x358, 240p 426x238"),
        ((640, 480), "480p 640x480, 360p 480x360, 240p 320x240"),
        ((768, 576), "720p 768x576, 360p 480x360, 240p 320x240"),
        ((640, 640), "720p 640x640, 480p 480x480, 360p 360x360, 240p 240x240"),
        ((176, 144), "240p 176x144"),
        ((1, 1), "240p 2x2"),
    ],
)
def test_rungs_are_by_the_source_and_never_above_it(size, ladder):
    assert ", ".join(f"{name} {w}x{h}" for name, w, h in facts.rungs(*size)) == ladder


def test_an_unsteady_picture_becomes_steady_and_keeps_time(tmp_path):
    source = tmp_path / "unsteady.mp4"
    drop = "select='not(mod(n,3))+gt(mod(n,40),20)'"
    recordings.run(
        *("-i", recordings.video("mp4", 1, rate=30), "-vf", drop, "-fps_mode", "vfr"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy", source),
    )
    source_stream = _stream(source)
    assert source_stream["r_frame_rate"] != source_stream["avg_frame_rate"], "it is steady"
    _transcoded(source, tmp_path)
    made = ffmpeg.probe(tmp_path / "240p.mp4")
    assert made["streams"][0]["r_frame_rate"] == made["streams"][0]["avg_frame_rate"]
    assert float(made["format"]["duration"]) == pytest.approx(
        recordings.reading(1).seconds, abs=0.3
    )


@pytest.mark.parametrize(
    ("average", "steady"),
    [
        ("25/1", Fraction(25)),
        ("60/1", Fraction(30)),
        ("60000/1001", Fraction(30000, 1001)),
        ("50/1", Fraction(25)),
        ("30001/1000", None),
        ("1000/1", Fraction(30)),
        ("0/0", Fraction(30)),
        ("240/1", Fraction(30)),
    ],
)
def test_frame_rates_are_the_sources_own_or_a_whole_part(average, steady):
    rate = facts.frame_rate({"avg_frame_rate": average})
    assert rate <= Fraction(303, 10)
    assert steady is None or rate == steady


def test_a_silent_film_and_a_voice_alone(tmp_path):
    silent = recordings.make("mp4", 1, picture="testsrc=s=160x90:r=10", voice=False)
    assert _transcoded(silent, tmp_path).audio is None
    assert {path.name for path in tmp_path.iterdir()} == PICTURE
    room = tmp_path / "voice"
    room.mkdir()
    assert _transcoded(recordings.sound("ogg", 1), room).video is None
    assert {path.name for path in room.iterdir()} == SOUND
    assert _stream(room / "story.mp3")["channels"] == 1


def test_two_channels_are_clean_too(tmp_path):
    """libmp3lame signs a stereo file otherwise than a mono one."""
    _transcoded(recordings.make("m4a", 1, options=("-ac", "2")), tmp_path)
    assert _stream(tmp_path / "story.mp3")["channels"] == 2
    for name in ("story.mp3", "audio.m4a"):
        clean.check(name, tmp_path / name)


def test_hdr_becomes_ordinary_colours(tmp_path):
    source = tmp_path / "hdr.mp4"
    recordings.run(
        *("-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=2", "-pix_fmt", "yuv420p10le"),
        *("-c:v", "libx265", "-x265-params", "log-level=error", "-color_primaries", "bt2020"),
        *("-color_trc", "arib-std-b67", "-colorspace", "bt2020nc", source),
    )
    assert _transcoded(source, tmp_path).hdr
    made = _stream(tmp_path / "240p.mp4")
    assert (made["color_transfer"], made["color_primaries"]) == ("bt709", "bt709")
    assert made["pix_fmt"] == "yuv420p"


def test_lips_and_voice_stay_together_in_hls(tmp_path):
    """As a browser reads it: the times in the fragments as they stand, without edit lists."""
    _transcoded(recordings.video("mp4", 1, rate=30), tmp_path)
    starts = [float(_stream(tmp_path / name)["start_time"]) for name in ("240p.mp4", "audio.m4a")]
    assert abs(starts[0] - starts[1]) <= 0.04, "later than one frame"
    for name in ("240p.mp4", "audio.m4a"):
        assert b"elst" not in (tmp_path / name).read_bytes()


@pytest.mark.parametrize("how", ["stop", "deadline", "stall"])
def test_a_command_that_must_end_is_ended_with_all_its_children(how, tmp_path):
    """ffmpeg reading slower than real time, ended in each of the three ways."""
    source = recordings.video("mp4", 2)
    argv = ["ffmpeg", "-readrate", "0.05", "-i", str(source), "-c", "copy", "out.mkv"]
    stop = threading.Event()
    limits = {"deadline": 60.0, "stall": 60.0}
    if how == "stop":
        threading.Timer(0.8, stop.set).start()
    else:
        limits[how] = 0.3
    with pytest.raises((ffmpeg.Stopped, ffmpeg.FfmpegFailed)) as ended:
        ffmpeg.run(argv, folder=tmp_path, stop=stop, **limits)
    assert isinstance(ended.value, ffmpeg.Stopped) is (how == "stop")
    assert not recordings.processes_in(tmp_path)
