"""What a file's own layout says, where ffprobe is silent: that it was cut short, or is locked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
LARGEST_INDEX = 64 * 2**20  # bytes: that of a day of film and sound


def ends_at(path: Path) -> int:
    """Where a file's outermost boxes say it ends; 0 where the format has none.

    MP4 and MOV (ISO 14496-12, 4.2): 32-bit size, type, then a 64-bit size if the first is 1; a
    size of 0 means "to the end". WAV: RIFF and a little-endian size. Ogg: the end of its last page
    (RFC 3533, 6). A cut file ends too early.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
            declared = int.from_bytes(head[4:8], "little")
            # A recorder that could not go back to fill the size in left 0 or the largest number.
            return 0 if declared in {0, 0xFFFFFFFF} else 8 + declared
        if head[:4] == b"OggS":
            return _last_page_ends(file)
        return max((start + length for _, start, length in _boxes(file)), default=0)


def _boxes(file: IO[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """(type, first byte, length as it says) of each outermost box, as far as they make sense."""
    total, at = file.seek(0, os.SEEK_END), 0
    while at < total:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8 or (not at and kind not in FIRST_BOXES):
            return
        yield kind, at, length
        at += length


def is_locked(path: Path) -> bool:
    """Whether a film's index hides what its media is (ISO 14496-12, 8.12): ffprobe doesn't say."""
    with path.open("rb") as file:
        for kind, start, length in _boxes(file):
            if kind == b"moov":
                file.seek(start)
                index = file.read(min(length, LARGEST_INDEX))
                hidden = b"encv" in index or b"enca" in index
                return hidden and b"sinf" in index and b"frma" in index
    return False


def _last_page_ends(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    begin = file.seek(max(0, size - 2 * 65_307))  # no page is longer than this
    tail = file.read()
    at = tail.rfind(b"OggS")
    segments = tail[at + 26 : at + 27]
    if at < 0 or not segments:
        return size
    table = tail[at + 27 : at + 27 + segments[0]]
    return begin + at + 27 + segments[0] + sum(table)
