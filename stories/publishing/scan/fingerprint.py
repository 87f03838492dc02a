"""Text as keyed hashes, so that a story can be looked for without keeping a word of it.

Words are compared without regard to case, accents, tags, entities, JSON's escapes and the times of
captions: the same words are the same wherever they were copied to.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

SHINGLE = 8  # words in a row: hardly ever the same in two texts by chance
FEWEST = 4  # a text below this many words says too little to be looked for
# 64 bits: a million hashes kept and a billion looked up meet by chance once in 18,000 scans.
HASH_BYTES = 8

_WORD = re.compile(r"[^\W_]+")
_ESCAPED_CHARACTER = re.compile(r"\\+u([0-9a-fA-F]{4})")
_ESCAPED_SPACE = re.compile(r"\\+[nrtbf]")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
# WebVTT's line of two times, with a cue's number above it.
_CAPTION_TIME = re.compile(
    r"(?:\d+\s*\n)?(?:\d+:)?\d\d:\d\d[.,]\d{3} --> (?:\d+:)?\d\d:\d\d[.,]\d{3}"
)
_ACCENT = re.compile("[\u0300-\u036f]")


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"withdrawal manifests:{secret}".encode()).digest()


def keyed(kind: str, text: str) -> str:
    """16 hexadecimal characters of keyed BLAKE2b (RFC 7693), which is an HMAC's equal at a third
    of its cost. Without the site's secret nobody can try words against it. `kind` keeps hashes
    of words and of files apart; at most 16 bytes.
    """
    return hashlib.blake2b(
        text.encode(errors="ignore"),
        key=_key(settings.SECRET_KEY),
        digest_size=HASH_BYTES,
        person=kind.encode(),
    ).hexdigest()


def plain(text: str) -> str:
    """A text as it is compared."""
    if "\\" in text:
        text = _ESCAPED_CHARACTER.sub(lambda found: chr(int(found[1], 16)), text)
        text = _ESCAPED_SPACE.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "-->" in text:
        text = _CAPTION_TIME.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.lower()
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))


def words_of(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def windows(words: list[str], size: int) -> Iterator[str]:
    """Every `size` words in a row, joined by spaces."""
    for at in range(len(words) - size + 1):
        yield " ".join(words[at : at + size])


def hash_words(text: str) -> str:
    """The hash of words joined by spaces."""
    return keyed("words", text)


def shingles(text: str) -> set[str]:
    """Hashes of all windows of a text of SHINGLE words or more."""
    return {hash_words(window) for window in windows(words_of(text), SHINGLE)}
