"""Every match in the words of one document, in their order: for whoever has it open.

The embedded engine's own language, on a table in memory that is gone with the answer: so that the
same is met as in a search of all documents, whichever engine answers that one, and also while a
search server is away.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from search import query
from search.documents import MARK_END, MARK_START, cleaned
from search.engines import fts5
from search.folding import fold
from search.moments import Span, strip_marks
from search.passages import Cue, times_of
from search.synonyms import Synonyms

MOST_COMPLETIONS = 100
_TOKENIZER = "porter unicode61 remove_diacritics 2"


@dataclass(frozen=True)
class Run:
    """A run of text; `match` is the number, from 0, of the match that it belongs to, else None."""

    text: str
    match: int | None = None


@dataclass(frozen=True)
class Match:
    """One match. text: number of the text in which it begins, from 0. place: as a Moment's: the
    millisecond of its word (of its cue, where words have no times), or a paragraph's number."""

    text: int
    place: int


@dataclass(frozen=True)
class Within:
    """What was found. runs: {number of a text: all of that text}, of those with a match.

    problem: a sentence for the visitor when what was typed can't be looked for, else empty.
    """

    matches: list[Match] = field(default_factory=list)
    runs: dict[int, list[Run]] = field(default_factory=dict)
    problem: str = ""


def within(typed: str, texts: Sequence[Cue | str], synonyms: Synonyms) -> Within:
    """See search.api.find_within()."""
    try:
        tree = synonyms.expand(query.parse(typed))
    except query.CannotSearch as error:
        return Within(problem=str(error))
    plain = [each.text if isinstance(each, Cue) else each for each in texts]
    starts = [0]
    for text in plain:
        starts.append(starts[-1] + len(text) + 1)
    matches: list[Match] = []
    parts: dict[int, list[tuple[Span, int]]] = {}
    for number, (start, end) in enumerate(_spans("\n".join(plain), tree)):
        first = bisect_right(starts, start) - 1
        matches.append(Match(first, _place(texts, first, start - starts[first])))
        # A phrase may run from one text into the next.
        for at in range(first, bisect_right(starts, end - 1)):
            own = max(0, start - starts[at]), min(len(plain[at]), end - starts[at])
            if own[0] < own[1]:
                parts.setdefault(at, []).append((own, number))
    return Within(matches, {at: list(_runs(plain[at], own)) for at, own in parts.items()})


def _spans(text: str, tree: query.And) -> list[Span]:
    """The (start, end) of what is looked for."""
    known = Counter(fold(word) for word in query.words(text))

    def complete(start: str) -> list[str]:
        return [word for word, _ in known.most_common() if word.startswith(fold(start))][
            :MOST_COMPLETIONS
        ]

    looked_for = fts5.match_any(query.telling_leaves(tree), complete)
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(f"CREATE VIRTUAL TABLE own USING fts5(text, tokenize='{_TOKENIZER}')")
        memory.execute("INSERT INTO own VALUES (?)", [cleaned(text)])
        marked = memory.execute(
            "SELECT highlight(own, 0, ?, ?) FROM own WHERE own MATCH ?",
            [MARK_START, MARK_END, looked_for],
        ).fetchone()
    return strip_marks(marked[0])[1] if marked else []


def _place(texts: Sequence[Cue | str], number: int, character: int) -> int:
    text = texts[number]
    if not isinstance(text, Cue):
        return sum(not isinstance(each, Cue) for each in texts[: number + 1])
    times = times_of(text)
    return times[bisect_right([at for at, _ in times], character) - 1][1]


def _runs(text: str, parts: Sequence[tuple[Span, int]]) -> Iterator[Run]:
    reached = 0
    for (start, end), number in parts:
        if reached < start:
            yield Run(text[reached:start])
        yield Run(text[start:end], number)
        reached = end
    if reached < len(text):
        yield Run(text[reached:])
