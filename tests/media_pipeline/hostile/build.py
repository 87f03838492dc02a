"""Pieces of files, made byte by byte as no honest program would put them together."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests import recordings

Made = Callable[[str, int], bytes]  # (canary's path, listener's port) -> the file
NO = {"not_media", "wrong_type"}
CUT = {"truncated"}
REF = "http://127.0.0.1:{port}/x.ts"
SHORT = ("-t", "2")


def text(words: str, before: bytes = b"") -> Made:
    return lambda canary, port: (
        before + words.replace("{canary}", canary).replace("{port}", str(port)).encode()
    )


def raw(make: Callable[[], bytes]) -> Made:
    return lambda canary, port: make()


def box(kind: bytes, *parts: bytes, length: int | None = None) -> bytes:
    """An MP4 box (ISO 14496-12, 4.2); `length` is what it says of itself, if not the truth."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body) if length is None else length, kind) + body


def element(kind: str, body: bytes = b"", size: bytes = b"") -> bytes:
    """An EBML element (RFC 8794); `size` are the bytes of what it says of its size, if untrue."""
    return bytes.fromhex(kind) + (size or (1 << 56 | len(body)).to_bytes(8, "big")) + body


def film() -> bytes:
    """A small honest film whose index comes first."""
    return recordings.make(
        "mp4", 1, picture="testsrc2=s=96x64:r=5", options=("-movflags", "+faststart", *SHORT)
    ).read_bytes()


def sound(kind: str) -> bytes:
    return recordings.make(kind, 1, options=SHORT).read_bytes()


def webm() -> bytes:
    made = recordings.make("webm", 1, picture="testsrc2=s=96x64:r=5", options=SHORT)
    return made.read_bytes()


CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"udta"}


def changed(raw: bytes, kind: bytes, change: Callable[[bytes], bytes], only: int = -1) -> bytes:
    """The film with each box of this kind (or the n-th alone) made anew from its body.

    `change` gives whole boxes. What holds it gets its new length; offsets are left as they were,
    which is the mover's business: `moved` corrects those.
    """
    seen = [0]

    def walk(part: bytes) -> bytes:
        out, at = [], 0
        while at < len(part):
            length, name = struct.unpack_from(">I4s", part, at)
            body = part[at + 8 : at + length]
            if name == kind:
                wanted = only in (-1, seen[0])
                seen[0] += 1
                out.append(change(body) if wanted else part[at : at + length])
            elif name in CONTAINERS:
                out.append(box(name, walk(body)))
            else:
                out.append(part[at : at + length])
            at += length
        return b"".join(out)

    made = walk(raw)
    assert seen[0], f"there is no {kind!r} to change"
    return moved(made, len(made) - len(raw))


def moved(raw: bytes, by: int) -> bytes:
    """Chunk offsets corrected for an index before them that has grown."""
    at = 0
    out = bytearray(raw)
    while (at := raw.find(b"stco", at + 1)) > 0:
        count = struct.unpack_from(">I", raw, at + 8)[0]
        for number in range(min(count, (len(raw) - at - 12) // 4)):
            place = at + 12 + 4 * number
            offset = struct.unpack_from(">I", raw, place)[0] + by
            struct.pack_into(">I", out, place, offset % 2**32)
    return bytes(out)


def id3(size: int, body: bytes = b"") -> bytes:
    """An ID3v2 tag that says it has so many bytes."""
    spread = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + spread + body


def frame(kind: bytes, body: bytes) -> bytes:
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return kind + size + b"\0\0" + body


def wav(rate: int, channels: int, data: bytes, bits: int = 8) -> bytes:
    about = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels % 2**32, channels % 2**16, bits
    )
    body = b"WAVEfmt " + struct.pack("<I", 16) + about + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data


def noise(count: int) -> bytes:
    """The same nonsense each time."""
    state, out = 12345, bytearray()
    while len(out) < count:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out += state.to_bytes(8, "big")
    return bytes(out[:count])
