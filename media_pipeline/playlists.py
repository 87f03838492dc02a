"""HLS playlists (RFC 8216): reading ours, and writing the master that ffmpeg writes badly."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path
from typing import Any

from media_pipeline.names import PICTURES, TYPES

MEDIA = (*(f"{rung}.m3u8" for rung in PICTURES), "audio.m3u8")  # what a master can list
DURATION = re.compile(r"^#EXTINF:([\d.]+),")
RANGE = re.compile(r"^#EXT-X-BYTERANGE:(\d+)@(\d+)")
REFERENCE = re.compile(r'URI="([^"]*)"')
TAGS = {
    "#EXTM3U",
    "#EXT-X-VERSION",
    "#EXT-X-TARGETDURATION",
    "#EXT-X-MEDIA-SEQUENCE",
    "#EXT-X-PLAYLIST-TYPE",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    "#EXT-X-MAP",
    "#EXTINF",
    "#EXT-X-BYTERANGE",
    "#EXT-X-ENDLIST",
    "#EXT-X-MEDIA",
    "#EXT-X-STREAM-INF",
}


def rates(playlist: str) -> tuple[int, int]:
    """(peak, average) bits a second, from the segments' byte ranges (RFC 8216, 4.3.4.2)."""
    seconds = _durations(playlist)
    sizes = [size for size, _ in _ranges(playlist)]
    if not seconds or len(seconds) != len(sizes):
        raise ValueError("A media playlist needs a duration and a byte range for each segment.")
    # A very short last segment is no measure of what a connection must carry.
    peak = max(8 * size / max(length, 0.5) for size, length in zip(sizes, seconds, strict=True))
    return int(peak), int(8 * sum(sizes) / max(sum(seconds), 0.001))


def extent(playlist: str) -> tuple[float, int]:
    """(seconds, bytes): how long and how large the file of a media playlist has to be."""
    ends = (size + at for size, at in _ranges(playlist))
    return sum(_durations(playlist)), max(ends, default=0)


def _durations(playlist: str) -> list[float]:
    return [float(found[1]) for line in playlist.splitlines() if (found := DURATION.match(line))]


def _ranges(playlist: str) -> list[tuple[int, int]]:
    """(length, first byte) of each segment."""
    found = filter(None, map(RANGE.match, playlist.splitlines()))
    return [(int(one[1]), int(one[2])) for one in found]


def picture_codec(media: Path) -> str:
    """The RFC 6381 name of an H.264 track: profile, compatibility and level out of its avcC box."""
    with media.open("rb") as file:
        head = file.read(16_384)
    at = head.index(b"avcC") + 4
    return "avc1." + head[at + 1 : at + 4].hex().upper()


def master(pictures: list[tuple[str, dict[str, Any]]], audio: dict[str, Any] | None) -> str:
    """A master playlist of what is given: {"peak", "average", "codec"[, "size", "rate"]} each.

    `pictures` are (playlist's name, what is said of it), in their order in the master. Empty text
    if nothing is given.
    """
    if not pictures and not audio:
        return ""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if pictures and audio:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,'
            f'AUTOSELECT=YES,CHANNELS="{audio["channels"]}",URI="audio.m3u8"'
        )
    for name, picture in pictures:
        lines += [_variant([picture, audio] if audio else [picture]), name]
    if audio and not pictures:
        lines += [_variant([audio]), "audio.m3u8"]
    return "\n".join(lines) + "\n"


def _variant(parts: list[dict[str, Any]]) -> str:
    """The line before a variant's name; `parts` are its picture, if any, and its sound."""
    line = f"#EXT-X-STREAM-INF:BANDWIDTH={sum(part['peak'] for part in parts)}"
    line += f",AVERAGE-BANDWIDTH={sum(part['average'] for part in parts)}"
    line += f',CODECS="{",".join(part["codec"] for part in parts)}"'
    if "size" in parts[0]:
        line += f",RESOLUTION={parts[0]['size']},FRAME-RATE={parts[0]['rate']:.3f}"
        line += ',AUDIO="sound"' if len(parts) > 1 else ""
    return line


def master_for(parts: dict[str, dict], allowed: Container[str]) -> str:
    """The master that lists only what `allowed` holds; `parts` is `hls` by playlist name.

    The smallest rung stands first. Players begin with the first one they can play (RFC 8216,
    6.3.1 leaves it to them), and so a slow line shows something at once; a fast one has climbed
    after the first segment.
    """

    def given(name: str, media: str) -> bool:
        return bool(parts.get(name)) and name in allowed and media in allowed

    pictures = [
        (f"{rung}.m3u8", parts[f"{rung}.m3u8"])
        for rung in PICTURES
        if given(f"{rung}.m3u8", f"{rung}.mp4")
    ]
    return master(pictures, parts["audio.m3u8"] if given("audio.m3u8", "audio.m4a") else None)


def is_ours(text: str) -> bool:
    """Whether a playlist holds nothing but the tags we write and references to our own names."""
    for line in filter(None, text.splitlines()):
        if line.startswith("#"):
            if line.partition(":")[0] not in TAGS:
                return False
            if any(name not in TYPES for name in REFERENCE.findall(line)):
                return False
        elif line not in TYPES:
            return False
    return True
