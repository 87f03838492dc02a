"""Files that lead elsewhere: playlists and scripts, media that name another file or a server."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.media_pipeline.hostile.build import (
    CUT,
    NO,
    REF,
    Made,
    box,
    changed,
    element,
    film,
    frame,
    id3,
    noise,
    sound,
    text,
    webm,
)

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
