"""Words as they are compared: small letters without accents, spaces for all that is no word.

Done here and not by an engine's analysis, so that engines agree about what a word is; and with a
way back, so that what is shown keeps its own letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

Span = tuple[int, int]

# Written on top of a letter; in a text they follow it. As in query.py.
_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"

_NO_WORDS = {number: " " for number in range(128) if not chr(number).isalnum()}


def fold(text: str) -> str:
    """As FTS5's unicode61 keeps words: small letters without accents."""
    if text.isascii():
        return text.lower()
    bare = "".join(
        character
        for character in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(character)
    )
    return unicodedata.normalize("NFC", bare)


def fold_words(text: str) -> str:
    """Only the words of a text: folded, with a space for each character that is of none."""
    if text.isascii():
        return text.lower().translate(_NO_WORDS)
    return "".join(map(_folded, text))


def beginnings(text: str, starts: Sequence[str]) -> list[Span]:
    """The words of a text that begin in one of these ways, as (start, end) by rising start."""
    ways = "|".join(re.escape(fold_words(start)) for start in starts)
    met = re.finditer(rf"(?<!\S)(?:{ways})\S*", fold_words(text))
    return unfold(text, [word.span() for word in met])


def has_beginnings(text: str, starts: Sequence[str]) -> bool:
    """Whether beginnings() finds any."""
    folded = f" {fold_words(text)}"
    return any(f" {fold_words(start)}" in folded for start in starts)


def unfold(text: str, spans: Iterable[Span]) -> list[Span]:
    """Where spans of fold_words(text) are in `text` itself, with the accents of their letters."""
    if text.isascii():
        return list(spans)
    origin = [number for number, character in enumerate(text) for _ in _folded(character)]
    found = []
    for start, end in spans:
        last = origin[end - 1] + 1
        while last < len(text) and _is_mark(text[last]):
            last += 1
        found.append((origin[start], last))
    return found


@cache
def _folded(character: str) -> str:
    if character.isalnum():
        return fold(character) or character
    return "" if _is_mark(character) else " "


def _is_mark(character: str) -> bool:
    return _FIRST_MARK <= character <= _LAST_MARK
