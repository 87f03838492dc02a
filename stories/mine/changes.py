"""What a moderator changed in somebody's words, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Paragraphs with the empty lines after them; words with the space before them, and line ends.
PARAGRAPH = re.compile(r".+?(?:\n\s*\n\s*|\Z)", re.DOTALL)
WORD = re.compile(r"\n\s*|[^\S\n]*\S+|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `kind` is "same", "added" or "gone"."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """The way from one text to the other: all but "gone" is `after`, all but "added" `before`."""
    before, after = (text.replace("\r\n", "\n") for text in (before, after))
    pieces: list[Piece] = []
    # Paragraphs first, so that a long story does not take long.
    for same, old, new in _steps(PARAGRAPH.findall(before), PARAGRAPH.findall(after)):
        for piece in [Piece("same", old)] if same else _words(old, new):
            if pieces and pieces[-1].kind == piece.kind:
                pieces[-1] = Piece(piece.kind, pieces[-1].text + piece.text)
            elif piece.text:
                pieces.append(piece)
    return pieces


def _words(before: str, after: str) -> Iterator[Piece]:
    for same, old, new in _steps(WORD.findall(before), WORD.findall(after)):
        if same:
            yield Piece("same", old)
        else:
            yield from (Piece("gone", old), Piece("added", new))


def _steps(before: list[str], after: list[str]) -> Iterator[tuple[bool, str, str]]:
    matcher = SequenceMatcher(a=before, b=after)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        yield kind == "equal", "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
