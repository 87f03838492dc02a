"""Files that are small and ask for much: pixels, tracks, years, tables."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache

from tests import recordings
from tests.media_pipeline.hostile.build import (
    CUT,
    NO,
    Made,
    box,
    changed,
    element,
    film,
    frame,
    id3,
    noise,
    raw,
    sound,
    wav,
    webm,
)


def _sized(width: int, height: int) -> bytes:
    """A film that says so of its picture: in its sample entry, and in its track's head."""

    def entry(body: bytes) -> bytes:
        at = body.index(b"avc1") + 4 + 24
        return box(b"stsd", body[:at] + struct.pack(">HH", width, height) + body[at + 4 :])

    return changed(film(), b"stsd", entry, only=0)


def _tracks(count: int) -> bytes:
    song = recordings.make("m4a", 1, options=("-movflags", "+faststart")).read_bytes()
    return changed(song, b"trak", lambda body: box(b"trak", body) * count)


def _mkv_tracks(count: int) -> bytes:
    entry = element(
        "AE",
        element("D7", b"\1")
        + element("73C5", b"\1")
        + element("83", b"\2")
        + element("86", b"A_X"),
    )
    head = element("1A45DFA3", element("4282", b"matroska"))
    return head + element("18538067", element("1654AE6B", entry * count))


def _cover_bomb() -> bytes:
    """20,000 by 20,000 grey pixels in 400 kB."""
    line = b"\0" * 20_001
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(line) for _ in range(20_000)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    body = frame(b"APIC", b"\0image/png\0\3\0" + png)
    return id3(len(body), body) + sound("mp3")


def _table(kind: bytes, body: bytes, only: int = -1) -> Callable[[], bytes]:
    return lambda: changed(film(), kind, lambda _: box(kind, bytes(4), body), only)


def _many_frames() -> bytes:
    """A million pictures, 100,000 a second: all of them the same few bytes of the file."""
    count = 1_000_000

    def table(body: bytes) -> bytes:
        first = struct.unpack_from(">I", body, body.index(b"stco") + 12)[0]
        entry = body[: body.index(b"stts") - 4]
        size = struct.unpack_from(">I", body, body.index(b"stsz") + 16)[0]
        return box(
            b"stbl",
            entry,
            box(b"stts", bytes(4), struct.pack(">III", 1, count, 1)),
            box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
            box(b"stsz", bytes(4), struct.pack(">II", size, count)),
            box(b"stco", bytes(4), struct.pack(">I", count), struct.pack(">I", first) * count),
        )

    def quick(body: bytes) -> bytes:  # the media's clock ticks 100,000 times a second
        return box(b"mdhd", body[:12] + struct.pack(">II", 100_000, count) + body[20:])

    slow = changed(film(), b"mdhd", quick, only=0)
    return changed(slow, b"stbl", table, only=0)


def _years() -> bytes:
    """Each picture is shown for half a year."""

    def times(body: bytes) -> bytes:
        count = struct.unpack_from(">I", body, 8)[0]
        return box(b"stts", bytes(4), struct.pack(">III", 1, count, 2**31 - 1))

    return changed(film(), b"stts", times, only=0)


def _declared(kind: bytes, at: int) -> bytes:
    """A head that says 4,000,000,000 units, of media that is as long as it was."""
    return changed(
        film(), kind, lambda body: box(kind, body[:at] + b"\xee\x6b\x28\x00" + body[at + 4 :])
    )


def _edits(count: int) -> bytes:
    one = struct.pack(">IiHH", 1000, 0, 1, 0)
    return changed(
        film(), b"elst", lambda _: box(b"elst", bytes(4), struct.pack(">I", count), one * count), 0
    )


def _edits_far() -> bytes:
    one = struct.pack(">IiHH", 2**32 - 1, 2**31 - 1, 1, 0) + struct.pack(">IiHH", 1, -1, 0, 0)
    body = struct.pack(">I", 2) + one
    return changed(film(), b"elst", lambda _: box(b"elst", bytes(4), body), 0)


def _granule() -> bytes:
    """The last page of an Ogg file says it ends in a hundred thousand years."""
    song = bytearray(sound("ogg"))
    at = song.rindex(b"OggS")
    song[at + 6 : at + 14] = struct.pack("<q", 2**60)
    song[at + 22 : at + 26] = bytes(4)
    crc = _ogg_crc(bytes(song[at:]))
    song[at + 22 : at + 26] = struct.pack("<I", crc)
    return bytes(song)


def _ogg_crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
            crc &= 0xFFFFFFFF
    return crc


def _xing() -> bytes:
    song = bytearray(sound("mp3"))
    at = max(song.find(b"Xing"), song.find(b"Info"))
    assert at > 0
    song[at + 8 : at + 12] = b"\x7f\xff\xff\xff"
    return bytes(song)


def _big_tag(size: int) -> bytes:
    data = box(b"data", struct.pack(">II", 1, 0), b"A" * size)
    tag = box(b"meta", bytes(4), _handler(), box(b"ilst", box(b"\xa9cmt", data)))
    return changed(film(), b"mvhd", lambda body: box(b"mvhd", body) + box(b"udta", tag))


def _handler() -> bytes:
    return box(b"hdlr", bytes(8), b"mdirappl", bytes(9))


def _chapters(count: int) -> bytes:
    """A Matroska file with a hundred thousand chapters."""
    one = element("B6", element("91", b"\0") + element("80", element("85", b"A" * 40)))
    raw = webm()
    start, tracks = raw.index(bytes.fromhex("18538067")), raw.index(bytes.fromhex("1654AE6B"))
    marks = element("1043A770", element("45B9", one * count))
    return raw[: start + 4] + b"\x01" + b"\xff" * 7 + raw[tracks:] + marks


def _comments(count: int) -> bytes:
    """A FLAC file with a hundred thousand comments."""
    one = b"COMMENT=" + b"x" * 20
    body = struct.pack("<I", 0) + struct.pack("<I", count)
    body += (struct.pack("<I", len(one)) + one) * count
    song = sound("flac")
    return song[:42] + b"\x04" + len(body).to_bytes(3, "big") + body + song[42:]


def _packed_index() -> bytes:
    """An index packed with zlib (QuickTime's cmov) that unfolds to a gigabyte."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(2**20)) for _ in range(256)) + packer.flush()
    head = box(b"dcom", b"zlib")
    body = box(b"cmvd", struct.pack(">I", 2**30), data)
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", box(b"cmov", head, body))


BOMBS: dict[str, tuple[set[str], Made]] = {
    "a picture of 65,535 pixels each way": (
        {"too_many_pixels", "taken", *CUT},
        raw(lambda: _sized(65_535, 65_535)),
    ),
    "a cover of 20,000 pixels each way": ({"taken", *NO}, raw(cache(_cover_bomb))),
    "a gif of 65,535 pixels each way": (
        NO,
        lambda c, p: b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + noise(400),
    ),
    "1,000 tracks": (NO | CUT, raw(lambda: _tracks(1000))),
    "1,000 tracks of nothing": (NO | {"no_streams"}, raw(lambda: _mkv_tracks(1000))),
    "pictures that last for years": ({"taken", "too_long"}, raw(_years)),
    "a film that says it lasts for years": (CUT | {"taken"}, raw(lambda: _declared(b"mvhd", 16))),
    "a track that says it lasts for years": (CUT | {"taken"}, raw(lambda: _declared(b"mdhd", 16))),
    "100,000 edits": ({"taken", "too_long", *CUT}, raw(lambda: _edits(100_000))),
    "edits beyond the end": ({"taken", "no_streams", *CUT}, raw(_edits_far)),
    "an ogg that ends in 100,000 years": ({"too_long", *CUT, "taken"}, raw(_granule)),
    "an mp3 of 2,147,483,647 frames": (CUT, raw(_xing)),
    "a sample a second": ({"too_long", *NO}, raw(lambda: wav(1, 1, bytes(40_000)))),
    "2,147,483,647 samples a second": (
        NO | {"taken", "no_streams"},
        raw(lambda: wav(2**31 - 1, 1, bytes(9000))),
    ),
    "65,535 channels": (NO | {"no_streams"}, raw(lambda: wav(48_000, 65_535, bytes(2**18)))),
    "a million pictures in ten seconds": ({"too_many_frames"}, raw(_many_frames)),
    "a comment of 30 MB": (NO | {"taken"}, raw(lambda: _big_tag(30 * 2**20))),
    "100,000 chapters": (NO | {"taken"}, raw(lambda: _chapters(100_000))),
    "100,000 comments": (NO | {"taken"}, raw(lambda: _comments(100_000))),
    "a tag that says it has 200 MB": (NO | CUT, raw(lambda: id3(200 * 2**20, noise(5000)))),
    "a tag of 20 MB before a song": (
        NO | {"taken"},
        raw(lambda: id3(20 * 2**20, bytes(20 * 2**20)) + sound("mp3")),
    ),
    "an index that unfolds to a gigabyte": (NO | {"no_streams"}, raw(_packed_index)),
    "2**32 - 1 sizes": (NO | CUT, raw(_table(b"stsz", struct.pack(">II", 0, 2**32 - 1)))),
    "2**32 - 1 sizes that are all the same": (
        NO | {"no_streams"},
        raw(_table(b"stsz", struct.pack(">II", 1, 2**32 - 1))),
    ),
    "2**32 - 1 times": (
        NO | CUT | {"taken"},
        raw(_table(b"stts", struct.pack(">III", 2**32 - 1, 1, 1))),
    ),
    "2**32 - 1 places": (NO | CUT, raw(_table(b"stco", struct.pack(">II", 2**32 - 1, 0)))),
}
