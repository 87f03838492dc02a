"""HLS playlists (RFC 8216): reading ours, and writing the master that ffmpeg writes badly."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path
from typing import Any

from media_pipeline.names import TYPES

DURATION = re.compile(r"^#EXTINF:([\d.]+),")
RANGE = re.compile(r"^#EXT-X-BYTERANGE:(\d+)@\d+")
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
    seconds = [float(found[1]) for line in playlist.splitlines() if (found := DURATION.match(line))]
    sizes = [int(found[1]) for line in playlist.splitlines() if (found := RANGE.match(line))]
    if not seconds or len(seconds) != len(sizes):
        raise ValueError("A media playlist needs a duration and a byte range for each segment.")
    # A very short last segment is no measure of what a connection must carry.
    peak = max(8 * size / max(length, 0.5) for size, length in zip(sizes, seconds, strict=True))
    return int(peak), int(8 * sum(sizes) / max(sum(seconds), 0.001))


def picture_codec(media: Path) -> str:
    """The RFC 6381 name of an H.264 track: profile, compatibility and level out of its avcC box."""
    with media.open("rb") as file:
        head = file.read(16_384)
    at = head.index(b"avcC") + 4
    return "avc1." + head[at + 1 : at + 4].hex().upper()


def master(video: dict[str, Any] | None, audio: dict[str, Any] | None) -> str:
    """A master playlist of what is given: {"peak", "average", "codec"[, "size", "rate"]} each.

    Empty text if nothing is given.
    """
    if not video and not audio:
        return ""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    both = [part for part in (video, audio) if part]
    line = f"#EXT-X-STREAM-INF:BANDWIDTH={sum(part['peak'] for part in both)}"
    line += f",AVERAGE-BANDWIDTH={sum(part['average'] for part in both)}"
    line += f',CODECS="{",".join(part["codec"] for part in both)}"'
    if video:
        line += f",RESOLUTION={video['size']},FRAME-RATE={video['rate']:.3f}"
        if audio:
            line += ',AUDIO="sound"'
            lines.append(
                '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,'
                f'AUTOSELECT=YES,CHANNELS="{audio["channels"]}",URI="audio.m3u8"'
            )
    lines += [line, "video.m3u8" if video else "audio.m3u8"]
    return "\n".join(lines) + "\n"


def master_for(parts: dict[str, dict], allowed: Container[str]) -> str:
    """The master that lists only what `allowed` holds; `parts` is `hls` by playlist name."""
    given = {
        name: parts.get(f"{name}.m3u8")
        for name, media in (("video", "video.mp4"), ("audio", "audio.m4a"))
        if f"{name}.m3u8" in allowed and media in allowed
    }
    return master(given.get("video"), given.get("audio"))


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
