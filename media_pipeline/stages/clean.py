"""Proof that nothing of the original came along. Looks at every rendition; fails closed.

The transcode leaves metadata out; this stage trusts nobody. It names what may be there, so
that a new player's or camera's invention is refused without being known.
"""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from media_pipeline import ffmpeg, peaks, playlists, storage, storyboard
from media_pipeline.models import Rendition
from media_pipeline.names import PICTURES
from media_pipeline.work import Result, Work

TAGS = {
    "major_brand": r"[a-z0-9]{4}",
    "minor_version": r"\d+",
    "compatible_brands": r"[a-z0-9]+",
    "language": r"und",
    "handler_name": r"(Video|Sound)Handler",
    "vendor_id": r"\[0\]\[0\]\[0\]\[0\]",
    "encoder": r"Lav[cf][\d.]*( libx264| aac| libmp3lame| lame)?",
}
STREAMS = {
    **{f"{rung}.mp4": [["video"]] for rung in PICTURES},
    "story.mp4": [["video"], ["video", "audio"]],
    "audio.m4a": [["audio"]],
    "story.mp3": [["audio"]],
}
# Playlists are the others that are texts, but for captions: those come later, from words alone.
WORDS = ("captions.vtt", "spoken.vtt")
TEXTS = {"peaks.json": peaks.is_ours, "storyboard.vtt": storyboard.is_ours}
# Boxes as the muxer writes them, and what may lie in them (None: not looked into). Cameras write
# into udta, meta and uuid; ours has one entry there, the encoder's name, whose value is in TAGS.
BOXES: dict[bytes, dict | None] = {
    **dict.fromkeys([b"ftyp", b"mdat", b"moof", b"sidx", b"styp", b"mfra", b"free"]),
    b"moov": {
        **dict.fromkeys([b"mvhd", b"mvex"]),
        b"trak": dict.fromkeys([b"tkhd", b"edts", b"mdia"]),
        b"udta": {b"meta": {b"hdlr": None, b"ilst": {b"\xa9too": None}}},
    },
}


class NotClean(Exception):
    """A rendition holds something that is not on the list. Says which and where, not what."""


def profile() -> dict:
    return {"tags": TAGS, "version": 3}


def run(work: Work) -> Result:
    """Mark every rendition clean, or none: raises NotClean."""
    looked_at = []
    found = list(work.asset.renditions.exclude(name__in=WORDS))
    for number, rendition in enumerate(found, 1):
        if rendition.stored:
            with storage.local(storage.renditions(), rendition.stored, work.folder) as path:
                prove(rendition.name, path)
        else:
            prove(rendition.name, rendition.text)
        looked_at.append(rendition.pk)
        work.done = number / len(found)
    return Result(record=lambda: _mark(looked_at))


def _mark(keys: list[int]) -> None:
    Rendition.objects.filter(pk__in=keys).update(proven_clean=True)


def prove(name: str, made: Path | str) -> None:
    """Raises NotClean unless a rendition, a file or a text, holds what `name` may and no more."""
    if isinstance(made, Path):
        check(name, made)
    elif not TEXTS.get(name, playlists.is_ours)(made):
        raise NotClean(f"{name}: a line we did not write")


def check(name: str, path: Path) -> None:
    """Raises NotClean unless the file holds exactly the streams and tags that `name` may."""
    if name.endswith(".jpg"):
        _check_picture(name, path)
        return
    probed = ffmpeg.probe(path)
    kinds = [stream["codec_type"] for stream in probed["streams"]]
    if kinds not in STREAMS[name]:
        raise NotClean(f"{name}: streams of other kinds")
    if probed["chapters"]:
        raise NotClean(f"{name}: chapters")
    for part in (probed["format"], *probed["streams"]):
        if part.get("disposition", {}).get("attached_pic") or part.get("side_data_list"):
            raise NotClean(f"{name}: a cover picture or side data")
        for tag, value in part.get("tags", {}).items():
            if tag not in TAGS or not re.fullmatch(TAGS[tag], value):
                raise NotClean(f"{name}: a tag that is not ours")
    if name.endswith((".mp4", ".m4a")):
        _check_boxes(name, path)


def _check_boxes(name: str, path: Path) -> None:
    with path.open("rb") as file:
        inside = [(BOXES, 0, path.stat().st_size)]
        while inside:
            may, start, end = inside.pop()
            for kind, body, stop in _boxes(file, start, end):
                if kind not in may:
                    raise NotClean(f"{name}: a box that is not ours")
                if (deeper := may[kind]) is not None:
                    # meta alone has four bytes of version and flags before its boxes.
                    inside.append((deeper, body + 4 * (kind == b"meta"), stop))


def _boxes(file, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """(type, first byte of its body, end) of each MP4 box in a row (ISO 14496-12, 4.2)."""
    boxes = []
    while start < end:
        file.seek(start)
        head = file.read(16)
        length, body = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), 16
        if length < body:
            raise NotClean("a box of no length")
        boxes.append((head[4:8], start + body, start + length))
        start += length
    return boxes


def _check_picture(name: str, path: Path) -> None:
    with Image.open(path) as image:
        segments = {kind for kind, _ in getattr(image, "applist", [])}
        if image.format != "JPEG" or image.getexif() or segments - {"APP0"}:
            raise NotClean(f"{name}: more than a picture")
        if "comment" in image.info or "icc_profile" in image.info:
            raise NotClean(f"{name}: a comment or a profile")
