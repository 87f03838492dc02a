"""Files that were cut, and files that say the wrong things of themselves."""

from __future__ import annotations

import struct

from tests.media_pipeline.hostile.build import (
    CUT,
    NO,
    Made,
    box,
    changed,
    element,
    film,
    noise,
    raw,
    sound,
    webm,
)


def _nested(depth: int) -> bytes:
    inside = b""
    for _ in range(depth):
        inside = box(b"moov", inside)
    return box(b"ftyp", b"isom\0\0\2\0isom") + inside


def _without_index() -> bytes:
    return changed(film(), b"moov", lambda _: b"")


CUTS: dict[str, tuple[set[str], Made]] = {
    "nothing": ({"empty"}, raw(lambda: b"")),
    "one byte": (NO, raw(lambda: b"\0")),
    "a megabyte of zeros": (NO, raw(lambda: bytes(2**20))),
    "a megabyte of nonsense": (NO, raw(lambda: noise(2**20))),
    "mp4 without an index": (CUT, raw(_without_index)),
    "mp4 that is only a head": (CUT | NO, raw(lambda: film()[:32])),
    "mp4 cut within its index": (CUT, raw(lambda: film()[: film().index(b"stsz")])),
    "mp4 cut within its media": (CUT, raw(lambda: film()[: len(film()) * 3 // 4])),
    "ogg cut within a page": (CUT, raw(lambda: sound("ogg")[: sound("ogg").rindex(b"OggS") - 99])),
    "webm cut within a cluster": (CUT, raw(lambda: webm()[: len(webm()) // 2])),
    "flac cut within a frame": (CUT, raw(lambda: sound("flac")[: len(sound("flac")) // 2])),
    "wav cut within its sound": (CUT, raw(lambda: sound("wav")[:30_000])),
    "m4a cut within its media": (CUT, raw(lambda: sound("m4a")[: len(sound("m4a")) // 2])),
    "boxes 20,000 deep": (NO | CUT | {"no_streams"}, raw(lambda: _nested(20_000))),
    "a box that is shorter than its head": (
        NO | CUT,
        raw(lambda: film()[:32] + struct.pack(">I4s", 1, b"moov") + bytes(8) + film()[32:]),
    ),
    "a box of 2**63 bytes": (
        NO | CUT,
        raw(lambda: film()[:32] + struct.pack(">I4sQ", 1, b"mdat", 2**63 + 9) + film()[32:]),
    ),
    "a box within itself without end": (
        NO | CUT,
        raw(lambda: film()[:32] + struct.pack(">I4s", 0, b"moov") * 2000),
    ),
    "ebml that holds itself": (
        NO | CUT | {"no_streams"},
        raw(
            lambda: (
                element("1A45DFA3", element("4282", b"webm"))
                + element("18538067", b"", b"\x01" + b"\xff" * 7) * 5000
            )
        ),
    ),
    "ebml larger than its file": (
        NO | CUT | {"no_streams"},
        raw(
            lambda: (
                element("1A45DFA3", element("4282", b"webm"))
                + element("18538067", element("1654AE6B", b"x" * 50, b"\x01" + b"\x7f" * 7))
            )
        ),
    ),
    "a flac block beyond its end": (
        NO | CUT | {"taken"},
        raw(lambda: sound("flac")[:42] + b"\x04\xff\xff\xff" + sound("flac")[42:]),
    ),
}
