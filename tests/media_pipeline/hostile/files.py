"""The hostile files, by group. Each is (what may be said of it, how it is made).

What may be said are codes of UnreadableMedia, and "taken" where it may be made safe instead.
`{port}` and `{canary}` in a text become a port that somebody listens on and another file's path.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

from tests import recordings
from tests.media_pipeline.hostile.build import (
    box,
    changed,
    element,
    film,
    frame,
    id3,
    noise,
    sound,
    wav,
    webm,
)

Made = Callable[[str, int], bytes]  # (canary's path, listener's port) -> the file
NO = {"not_media", "wrong_type"}
CUT = {"truncated"}
REF = "http://127.0.0.1:{port}/x.ts"


def text(words: str, before: bytes = b"") -> Made:
    return lambda canary, port: (
        before + words.replace("{canary}", canary).replace("{port}", str(port)).encode()
    )


def raw(make: Callable[[], bytes]) -> Made:
    return lambda canary, port: make()


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{what}\n#EXT-X-ENDLIST\n"
KEY = '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="file://{canary}"\n#EXTINF:9,\nx.ts\n'
DASH = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
    "<AdaptationSet><Representation id='1'><BaseURL>" + REF + "</BaseURL></Representation>"
    "</AdaptationSet></Period></MPD>"
)
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n"
CPL = '<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"/>'

SCRIPTS: dict[str, tuple[set[str], Made]] = {
    "hls that asks a server": (NO, text(HLS.format(what=REF))),
    "hls that reads a file": (NO, text(HLS.format(what="file://{canary}"))),
    "hls with a path beside it": (NO, text(HLS.format(what="canary.mp4"))),
    "hls with a key from a file": (NO, text(KEY)),
    "hls by subfile": (NO, text(HLS.format(what="subfile,,start,0,end,9,,:{canary}"))),
    "hls by concat": (NO, text(HLS.format(what="concat:{canary}|{canary}"))),
    "hls by data": (NO, text(HLS.format(what="data:video/mp4;base64,AAAA"))),
    "hls behind a zero byte": (NO, text(HLS.format(what=REF) + "\0")),
    "hls behind blank lines": (NO, text(HLS.format(what=REF), b"\n" * 9000)),
    "hls as UTF-16": (NO, lambda c, p: HLS.format(what=c).encode("utf-16")),
    "m3u": (NO, text("{canary}\n" + REF + "\n")),
    "ffconcat": (NO, text("ffconcat version 1.0\nfile '{canary}'\n")),
    "ffconcat behind a zero byte": (NO, text("ffconcat version 1.0\nfile {canary}\n# \0\n")),
    "dash": (NO, text(DASH)),
    "sdp": (NO, text(SDP)),
    "rtsp as text": (NO, text("[Reference]\nRef1=" + REF + "\n")),
    "asx": (NO, text('<ASX version="3"><Entry><Ref href="' + REF + '"/></Entry></ASX>')),
    "imf": (NO, text(CPL)),
    "ffmetadata": (NO, text(";FFMETADATA1\ntitle=x\n[CHAPTER]\nSTART=0\nEND=99\n")),
}


def _dref(kind: bytes, where: Callable[[str, int], bytes]) -> Made:
    """A film whose picture is said to lie in another file."""

    def make(canary: str, port: int) -> bytes:
        inside = box(kind, bytes(4), where(canary, port))
        return changed(film(), b"dref", lambda body: box(b"dref", body[:4], b"\0\0\0\1", inside))

    return make


def _alias(canary: str, port: int) -> bytes:
    """A Macintosh alias record: volume, then (type, length, text) of which 2 is the path."""
    path = canary.encode()
    kept = struct.pack(">4xHHH", 150, 2, 0) + bytes(142)
    return kept + struct.pack(">HH", 2, len(path)) + path + struct.pack(">hH", -1, 0)


def _rmra(canary: str, port: int) -> bytes:
    where = f"http://127.0.0.1:{port}/x.mov".encode() + b"\0"
    link = box(b"rdrf", bytes(4), b"url ", struct.pack(">I", len(where)), where)
    movie = box(b"moov", box(b"rmra", box(b"rmda", link)))
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + movie


def _next_segment(canary: str, port: int) -> bytes:
    """A Matroska file that names others as its next and previous parts."""
    raw = webm()
    links = element("3E83BB", canary.encode()) + element("3EB923", noise(16))
    at = raw.index(bytes.fromhex("1549A966"))
    marker = raw[at + 4]
    width = 9 - marker.bit_length()  # RFC 8794, 4: leading zeros tell how many bytes follow
    before = int.from_bytes(raw[at + 4 : at + 4 + width], "big") - (1 << 7 * width)
    body, end = raw[at + 4 + width : at + 4 + width + before], at + 4 + width + before
    info = element("1549A966", body + links)
    # The segment's own size is left unknown, which is allowed.
    start = raw.index(bytes.fromhex("18538067"))
    return raw[: start + 4] + b"\x01" + b"\xff" * 7 + raw[start + 12 : at] + info + raw[end:]


def _flac_link(canary: str, port: int) -> bytes:
    """A cover that is an address (FLAC format, METADATA_BLOCK_PICTURE; MIME type "-->")."""
    where = f"http://127.0.0.1:{port}/x.png".encode()
    picture = struct.pack(">II", 3, 3) + b"-->" + bytes(4) + struct.pack(">IIIII", 1, 1, 24, 0, 0)
    picture = picture[:-4] + struct.pack(">I", len(where)) + where
    song = sound("flac")
    return song[:42] + b"\x06" + len(picture).to_bytes(3, "big") + picture + song[42:]


def _id3_link(canary: str, port: int) -> bytes:
    where = f"http://127.0.0.1:{port}/x.png".encode()
    body = frame(b"APIC", b"\0-->\0\3\0" + where) + frame(b"WXXX", b"\0\0" + where)
    return id3(len(body), body) + sound("mp3")


REFERENCES: dict[str, tuple[set[str], Made]] = {
    "mp4 whose picture is another file": (
        {"taken", *CUT},
        _dref(b"url ", lambda c, p: b"file://" + c.encode() + b"\0"),
    ),
    "mp4 whose picture is on a server": (
        {"taken", *CUT},
        _dref(b"url ", lambda c, p: f"http://127.0.0.1:{p}/x.mp4".encode() + b"\0"),
    ),
    "mov with an alias to another file": ({"taken", *CUT}, _dref(b"alis", _alias)),
    "mov that only refers to another": (NO | CUT | {"no_streams"}, _rmra),
    "mkv that names its next part": ({"taken", *CUT, *NO}, _next_segment),
    "flac with a linked cover": ({"taken"}, _flac_link),
    "mp3 with a linked cover": ({"taken"}, _id3_link),
}


# --- bombs ---


def _picture(kind: str, size: tuple[int, int], **options) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind, **options)
    return out.getvalue()


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


# --- what was cut, and what says the wrong things of itself ---


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


# --- two things at once ---


def _zip(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, body in names.items():
            bundle.writestr(name, body)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bundle:
        about = tarfile.TarInfo("../../film.mp4")
        about.size = len(film())
        bundle.addfile(about, io.BytesIO(film()))
    return out.getvalue()


SCRIPT = b"<script>alert('SAID BY A STRANGER')</script>"
SHELL = b"\n#!/bin/sh\necho SAID BY A STRANGER\n"


def _wav_with_page() -> bytes:
    song = sound("wav")
    note = b"LIST" + struct.pack("<I", 4 + 8 + len(SCRIPT)) + b"INFO"
    note += b"ICMT" + struct.pack("<I", len(SCRIPT)) + SCRIPT
    grown = struct.unpack_from("<I", song, 4)[0] + len(note)
    return song[:4] + struct.pack("<I", grown) + song[8:12] + note + song[12:]


POLYGLOTS: dict[str, tuple[set[str], Made]] = {
    "mp4 and zip": (CUT | {"taken"}, raw(lambda: film() + _zip({"a.exe": b"MZ"}))),
    "zip and mp4": (NO | CUT, raw(lambda: _zip({"a": b"x"}) + film())),
    "mp4 and a shell script": (CUT | {"taken"}, raw(lambda: film() + SHELL)),
    "mp4 with a page in a free box": ({"taken"}, raw(lambda: film() + box(b"free", SCRIPT))),
    "wav with a page in its notes": ({"taken"}, raw(_wav_with_page)),
    "pdf and mp3": (NO | {"taken"}, raw(lambda: b"%PDF-1.7\n%\xe2\xe3\n" + sound("mp3"))),
    "a page and mp3": (NO | {"taken"}, raw(lambda: SCRIPT + sound("mp3"))),
    "mp3 and a page": (CUT | {"taken"}, raw(lambda: sound("mp3") + SCRIPT * 50)),
    "mkv that holds a program": (
        CUT | NO | {"taken"},
        raw(
            lambda: (
                webm()
                + element(
                    "1941A469",
                    element("61A7", element("466E", b"run.sh") + element("465C", SHELL)),
                )
            )
        ),
    ),
    "zip that holds a film": (NO, raw(lambda: _zip({"../../film.mov": film()}))),
    "tar that holds a film": (NO | CUT, raw(_tar)),
    "gzip of a film": (NO, raw(lambda: gzip.compress(film()))),
}


# --- other kinds ---


def _by_ffmpeg(kind: str, *options: str) -> Made:
    return raw(
        lambda: recordings.make(
            kind, 1, picture="testsrc2=s=96x64:r=5", options=("-t", "0.6", *options), voice=False
        ).read_bytes()
    )


def _animated(kind: str) -> Made:
    def make() -> bytes:
        out = io.BytesIO()
        frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=200)
        return out.getvalue()

    return raw(make)


def _encrypted() -> bytes:
    """As a shop's film: the picture's kind is hidden behind `encv` (ISO 14496-12, 8.12)."""

    def entry(body: bytes) -> bytes:
        at = body.index(b"avc1")
        length = struct.unpack_from(">I", body, at - 4)[0]
        scheme = box(b"schm", bytes(4), b"cenc", b"\0\1\0\0")
        keys = box(b"schi", box(b"tenc", bytes(4), b"\0\0\1\x08" + noise(16)))
        hidden = box(b"sinf", box(b"frma", b"avc1"), scheme, keys)
        inside = body[at + 4 : at - 4 + length]
        return box(b"stsd", body[: at - 4], box(b"encv", inside, hidden), body[at - 4 + length :])

    return changed(film(), b"stsd", entry, only=0)


ASS = "[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:05.00,,hello\n"
KINDS: dict[str, tuple[set[str], Made]] = {
    "srt": (NO, text("1\n00:00:00,000 --> 00:00:05,000\nhello\n" * 20)),
    "vtt": (NO, text("WEBVTT\n\n00:00.000 --> 00:05.000\nhello\n" * 20)),
    "ass": (NO, text(ASS)),
    "svg": (NO, text('<svg xmlns="http://www.w3.org/2000/svg"><image href="' + REF + '"/></svg>')),
    "html": (NO, text("<!doctype html><video src='" + REF + "'></video>" * 20)),
    "text as UTF-16": (NO, lambda c, p: ("This is my story. " * 99).encode("utf-16")),
    "an e-mail in S/MIME": (NO, raw(lambda: b"\x30\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x03" * 99)),
    "gif that moves": (NO, _animated("gif")),
    "png that moves": (NO, _animated("png")),
    "webp that moves": (NO, _animated("webp")),
    "tiff": (NO, raw(lambda: _picture("tiff", (64, 64)))),
    "mjpeg": (NO, _by_ffmpeg("mjpeg")),
    "bare h264": (NO, _by_ffmpeg("h264")),
    "mpeg-ts": (NO, _by_ffmpeg("ts")),
    "avi": (NO, _by_ffmpeg("avi")),
    "flv": (NO, _by_ffmpeg("flv", "-c:v", "flv1")),
    "a film of pngs": ({"not_media"}, _by_ffmpeg("mov", "-c:v", "png")),
    "a film of an unknown kind": (
        {"not_media"},
        raw(lambda: film().replace(b"avc1", b"zzzz")),
    ),
    "an encrypted film": ({"encrypted"}, raw(_encrypted)),
    "a midi song": (NO, raw(lambda: b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + bytes(300))),
    "a program": (NO, raw(lambda: b"\x7fELF\2\1\1" + bytes(9) + noise(4000))),
}

# These take seconds, which a limit ends.
SLOW = {
    "100,000 edits",
    "a comment of 30 MB",
    "100,000 comments",
    "an index that unfolds to a gigabyte",
    "a tag of 20 MB before a song",
    "a cover of 20,000 pixels each way",
}

GROUPS = {
    "scripts": SCRIPTS,
    "references": REFERENCES,
    "bombs": BOMBS,
    "cuts": CUTS,
    "polyglots": POLYGLOTS,
    "kinds": KINDS,
}
