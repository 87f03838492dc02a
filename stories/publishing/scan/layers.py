"""Texts inside texts: what Django packs for sessions, caches and letters, without a list of places.

Formats: a signed value is "payload:time:signature" with a URL-safe base64 payload, after a point
if it is compressed (django.core.signing); database caches keep base64 of a pickle, whose strings
are plain UTF-8; a message in a queue is JSON with its body as base64 (kombu's virtual transports).
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

MOST_BYTES = 20_000_000  # that a packed value may unfold to
_SIGNED = re.compile(r"(\.?)([\w-]{16,}):\w{5,8}:[\w-]{43}")
_QUOTED_BASE64 = re.compile(r'"([A-Za-z0-9+/]{24,}={0,2})"')
_BASE64 = re.compile(r"[A-Za-z0-9+/\n_-]{24,}={0,2}\n?")


def layers(value: str | bytes | memoryview) -> Iterator[str]:
    """The value as text, and every text packed inside it."""
    text = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    yield text
    for found in _SIGNED.finditer(text):
        yield from _unpacked(found[2], compressed=bool(found[1]))
    for found in _QUOTED_BASE64.finditer(text):
        yield from _unpacked(found[1])
    if _BASE64.fullmatch(text):
        yield from _unpacked(text.replace("\n", ""))


def _unpacked(packed: str, *, compressed: bool = False) -> Iterator[str]:
    packed = packed.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    yield (inflated(raw) if compressed else raw).decode(errors="replace")


def inflated(raw: bytes) -> bytes:
    """What zlib packed, as far as it goes; b"" where it was not zlib."""
    try:
        return zlib.decompressobj().decompress(raw, MOST_BYTES)
    except zlib.error:
        return b""
