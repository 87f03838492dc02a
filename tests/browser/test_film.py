"""A film's ladder, read as RFC 8216 says and played by two players that are not ours."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests import recordings
from tests.people import Contributor, Moderator, Stranger, work

pytestmark = pytest.mark.browser

ATTRIBUTE = re.compile(r'([A-Z-]+)=("[^"]*"|[^,]*)')


class Segment(NamedTuple):
    seconds: float
    start: int
    bytes: int


@pytest.fixture
def film(contributor: Contributor, moderator: Moderator, stranger: Stranger, live_server) -> str:
    """The address of a published film with two rungs, at the real server."""
    recording = recordings.video("mp4", 3, size="640x360", rate=30)
    contributor.tell("A film", recording=recording)
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    return f"{live_server.url}{address}"


def attributes(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(line.partition(":")[2])}


def variants(master: str) -> Iterator[tuple[str, dict[str, str]]]:
    lines = master.splitlines()
    for line, following in pairwise(lines):
        if line.startswith("#EXT-X-STREAM-INF:"):
            yield following, attributes(line)


def segments(playlist: str) -> tuple[int, tuple[int, int], list[Segment]]:
    """Target duration, the initialisation section (start, bytes), the segments."""
    target = int(re.findall(r"^#EXT-X-TARGETDURATION:(\d+)$", playlist, re.MULTILINE)[0])
    [(size, start)] = re.findall(r'^#EXT-X-MAP:.*BYTERANGE="(\d+)@(\d+)"', playlist, re.MULTILINE)
    found = re.findall(
        r"^#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n", playlist, re.MULTILINE
    )
    listed = [Segment(float(length), int(at), int(count)) for length, count, at in found]
    return target, (int(start), int(size)), listed


def keyframes(path: Path) -> list[float]:
    argv = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=pts_time,flags",
    ]
    said = subprocess.run(
        [*argv, "-of", "csv=p=0", path], capture_output=True, text=True, check=True
    )
    rows = [line.split(",") for line in said.stdout.split()]
    return [float(row[0]) for row in rows if row[1].startswith("K")]


def codec_of(path: Path) -> tuple[str, str, str]:
    """CODECS, RESOLUTION and FRAME-RATE as ffprobe would have them."""
    entries = "stream=codec_name,profile,level,width,height,avg_frame_rate"
    argv = ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "default=nw=1", path]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    seen = dict(line.split("=", 1) for line in said.split("\n") if line)
    if seen["codec_name"] == "aac":
        assert seen["profile"] == "LC"
        return "mp4a.40.2", "", ""
    profile = {"Constrained Baseline": "42", "Main": "4D", "High": "64"}[seen["profile"]]
    up, down = map(int, seen["avg_frame_rate"].split("/"))
    codec = rf"avc1\.{profile}[0-9A-F]{{2}}{int(seen['level']):02X}"
    return codec, f"{seen['width']}x{seen['height']}", f"{up / down:.3f}"


def test_the_playlists_are_as_the_standard_says(film, tmp_path):
    def fetch(name: str) -> bytes:
        with urlopen(f"{film}media/{name}", timeout=30) as answer:  # noqa: S310 - our own server
            return answer.read()

    master = fetch("master.m3u8").decode()
    beginning = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    assert master.splitlines()[:3] == beginning
    listed = list(variants(master))
    assert [name for name, _ in listed] == ["240p.m3u8", "360p.m3u8"], "the smallest first"
    [group] = [attributes(line) for line in master.splitlines() if "EXT-X-MEDIA:" in line]
    assert (group["TYPE"], group["DEFAULT"], group["CHANNELS"]) == ("AUDIO", "YES", "1")
    times = {}
    measured: dict[str, tuple[float, float]] = {}
    for name in (*(name for name, _ in listed), group["URI"]):
        text = fetch(name).decode()
        media = re.findall(r'^#EXT-X-MAP:URI="([^"]+)"', text, re.MULTILINE)[0]
        raw = fetch(media)
        (tmp_path / media).write_bytes(raw)
        target, (start, size), parts = segments(text)
        assert {"#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-ENDLIST"} <= set(text.splitlines()), name
        assert int(re.findall(r"#EXT-X-VERSION:(\d+)", text)[0]) >= 6, "EXT-X-MAP needs 6"
        assert len(parts) == text.count(f"\n{media}\n") >= 3
        assert all(round(part.seconds) <= target for part in parts), "4.3.3.1"
        assert start == 0
        for sooner, later in pairwise([Segment(0, start, size), *parts]):
            assert sooner.start + sooner.bytes == later.start
        assert parts[-1].start + parts[-1].bytes <= len(raw)
        whole = sum(part.seconds for part in parts)
        assert whole == pytest.approx(recordings.reading(3).seconds, abs=0.3)
        if media.endswith("p.mp4"):
            times[name] = keyframes(tmp_path / media)
            assert len(times[name]) == len(parts), "a keyframe a segment, and no others"
            for part in parts:  # each can be decoded with nothing but the beginning of the file
                alone = tmp_path / "alone.mp4"
                alone.write_bytes(raw[:size] + raw[part.start : part.start + part.bytes])
                assert recordings.plays(alone) > 0
        # 4.3.4.2: the peak of any run of segments between half and one and a half targets.
        runs = [
            (sum(part.bytes for part in run), sum(part.seconds for part in run))
            for begin in range(len(parts))
            for end in range(begin + 1, len(parts) + 1)
            if (run := parts[begin:end])
        ]
        fair = [8 * b / s for b, s in runs if 0.5 * target <= s <= 1.5 * target]
        measured[name] = (max(fair), 8 * sum(part.bytes for part in parts) / whole)
    assert times["240p.m3u8"] == times["360p.m3u8"]
    sound, _, _ = codec_of(tmp_path / "audio.m4a")
    for name, said in listed:
        picture, size, rate = codec_of(tmp_path / name.replace("m3u8", "mp4"))
        assert re.fullmatch(f"{picture},{sound}", said["CODECS"])
        assert (said["RESOLUTION"], said["FRAME-RATE"]) == (size, rate)
        assert said["AUDIO"] == group["GROUP-ID"]
        peak, average = (measured[name][at] + measured[group["URI"]][at] for at in (0, 1))
        assert peak - 2 <= int(said["BANDWIDTH"]) <= 1.5 * peak
        assert int(said["AVERAGE-BANDWIDTH"]) == pytest.approx(average, rel=0.01)

    for choice, lines in (("min", "240"), ("max", "360")):
        assert mpv(f"{film}media/master.m3u8", choice)[-1] == (lines, "mono")


def mpv(address: str, choice: str) -> list[tuple[str, str]]:
    """Play to the end without a screen or a loudspeaker; (lines, channels) as they were shown."""
    argv = ["mpv", "--no-config", "--vo=null", "--ao=null", "--ao-null-untimed", "--untimed"]
    argv += [
        "--no-input-terminal",
        "--msg-level=all=error,statusline=status",
        f"--hls-bitrate={choice}",
    ]
    argv += ["--term-status-msg=AT ${=time-pos} ${video-params/h} ${audio-params/channels}\\n"]
    done = subprocess.run([*argv, address], capture_output=True, text=True, timeout=120)
    said = re.findall(r"AT ([\d.]+) (\d+) (\w+)", done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr[-2000:]
    assert said, done.stdout[-500:]
    assert float(said[-1][0]) > recordings.reading(3).seconds - 1
    return [(lines, channels) for _, lines, channels in said]


def test_the_page_plays_it_from_the_smallest_rung_upwards(person, film):
    page = person()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(film)
    video = page.locator("video")
    page.locator("media-play-button").click()
    expect(video).to_have_js_property("videoHeight", 360, timeout=60_000)
    rungs = [name for name in asked if name.endswith("p.mp4")]
    assert rungs[0] == "240p.mp4", "a slow line shows something at once"
    assert "360p.mp4" in rungs
    assert "audio.m4a" in asked
    assert "story.mp4" not in asked, "HLS was given up"
    assert video.evaluate("video => [video.error, video.currentTime > 0]") == [None, True]
    # The time bar shows a small picture of where it is pointed at.
    page.locator("media-time-range").hover()
    expect(page.locator("media-controller")).to_have_attribute(
        "mediapreviewimage", re.compile(r"/media/storyboard\.jpg")
    )
