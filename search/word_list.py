"""A list of words and phrases, and whether somebody's words hold one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from search.folding import fold
from search.query import words

# More than anybody types; a list is not for reading books.
MOST_CHARACTERS = 2_000

_APOSTROPHES = re.compile("['\u2019\u02bc`]")
_LEFT_OUT = re.compile(r"(?<!\S)-\S+")


class WordList:
    """Entries are words with spaces between; a star at a word's end stands for any ending.

    Capitals, accents, apostrophes and hyphens make no difference.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        patterns = [" ".join(map(_pattern, entry.split())) for entry in entries]
        self._any = re.compile(rf"(?:^| )(?:{'|'.join(patterns) or '(?!)'})(?= |$)")

    def is_in(self, text: str) -> bool:
        """Whether one of the entries is in the text; what is -left out of a search is not."""
        plain = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
        bare = _APOSTROPHES.sub("", _LEFT_OUT.sub(" ", plain))
        return bool(self._any.search(" ".join(fold(word) for word in words(bare))))


def _pattern(word: str) -> str:
    bare = re.escape(fold(word.rstrip("*")))
    return bare + (r"\S*" if word.endswith("*") else "")
