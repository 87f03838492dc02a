"""What is shown of the documents of one page, with SQLite FTS5: their headings and best moments.

All of it looks at those documents only: ranges of ids bound what is asked of the index, and each
document is its own measure of which word is rare. FTS5's bm25() would count anew, for each search,
every passage of the archive that matches.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import log

from django.db import connection

from search.closeness import Wanted
from search.documents import MARK_END, MARK_START, MAX_PASSAGES
from search.engines import fts5
from search.folding import beginnings, has_beginnings
from search.moments import CANDIDATES, Marked, choose, mark, strip_marks
from search.query import And, Leaf, Or, Prefix, apart, positive_leaves, starts, words_of_phrases
from search.results import Moment

# CROSS JOIN: the index is entered once for each document, and left at its last passage.
_OF_DOCUMENTS = f"""
    FROM json_each(%s) j CROSS JOIN {fts5.PASSAGES} {{more}} WHERE {fts5.PASSAGES} MATCH %s
    AND {fts5.PASSAGES}.rowid BETWEEN j.value * {MAX_PASSAGES} AND j.value * {MAX_PASSAGES} + {MAX_PASSAGES - 1}
"""  # noqa: E501 - names and numbers of our own
_THEIR_ROW = f"CROSS JOIN search_documentpassage p ON p.id = {fts5.PASSAGES}.rowid"


class _Pairs(Sequence):
    """Where the words of a passage begin, and who speaks from where, read when it is first asked
    for: of most passages that are looked at nobody asks."""

    def __init__(self, stored: str) -> None:
        self._stored = stored

    @cached_property
    def _pairs(self) -> list[list]:
        return json.loads(self._stored)

    def __getitem__(self, number):
        return self._pairs[number]

    def __iter__(self):
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


def headings(
    pks: Sequence[int], leaves: Sequence[Leaf], complete: fts5.Completions
) -> dict[int, tuple[str, str]]:
    """Title and summary, marked, of those documents that still have them."""
    found: dict[int, tuple[str, str]] = {}
    with connection.cursor() as cursor:
        if matching := _without_beginnings(leaves, complete):
            table = fts5.DOCUMENTS
            cursor.execute(
                f"SELECT j.value, highlight({table}, 0, %s, %s), highlight({table}, 3, %s, %s) "  # noqa: S608
                f"FROM json_each(%s) j CROSS JOIN {table} "
                f"WHERE {table} MATCH %s AND {table}.rowid = j.value",
                [*[MARK_START, MARK_END] * 2, json.dumps(list(pks)), matching],
            )
            found = {pk: (title, summary) for pk, title, summary in cursor.fetchall()}
        if plain := [pk for pk in pks if pk not in found]:
            # Found by a beginning alone.
            cursor.execute(
                "SELECT t.document_id, t.title, t.summary FROM json_each(%s) j "
                "CROSS JOIN search_documenttext t ON t.document_id = j.value",
                [json.dumps(plain)],
            )
            found |= {pk: (title, summary) for pk, title, summary in cursor.fetchall()}
    opening = starts(leaves)
    return {
        pk: (_with_beginnings(title, opening), _with_beginnings(summary, opening))
        for pk, (title, summary) in found.items()
    }


def moments_of(
    pks: Sequence[int], tree: And, complete: fts5.Completions, most: int
) -> dict[int, list[Moment]]:
    """The best moments of each of some documents, at most so many."""
    if not most or not pks:
        return {pk: [] for pk in pks}
    wanted, leaves = Wanted(tree), positive_leaves(tree)
    best = {pk: _best(held) for pk, held in _held(pks, apart(tree), complete).items()}
    marked = _marked([rowid for ids in best.values() for rowid in ids], leaves, complete)
    found = {
        pk: choose([marked[rowid] for rowid in ids if rowid in marked], most, wanted)
        for pk, ids in best.items()
    }
    if loose := words_of_phrases(leaves):
        # A phrase longer than the overlap, across a cut: show where its words are.
        bare = [pk for pk in pks if not found[pk]]
        found |= moments_of(bare, And((Or(tuple(loose)),)), complete, most)
    return found


def _held(
    pks: Sequence[int], groups: Sequence[Sequence[Leaf]], complete: fts5.Completions
) -> dict[int, dict[int, set[int]]]:
    """Which groups each passage holds something of: {document: {passage: numbers of groups}}."""
    held: dict[int, dict[int, set[int]]] = {pk: {} for pk in pks}

    def note(rowid: int, number: int) -> None:
        held[rowid // MAX_PASSAGES].setdefault(rowid, set()).add(number)

    asked = [
        (number, matching)
        for number, group in enumerate(groups)
        if (matching := _without_beginnings(group, complete))
    ]
    if asked:
        one = f"SELECT %s, {fts5.PASSAGES}.rowid {_OF_DOCUMENTS.format(more='')}"
        documents = json.dumps(list(pks))
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join([one] * len(asked)),
                [each for number, matching in asked for each in (number, documents, matching)],
            )
            for number, rowid in cursor.fetchall():
                note(rowid, number)
    opening = {number: start for number, group in enumerate(groups) if (start := starts(group))}
    if opening:
        for rowid, text in _texts(pks):
            for number, start in opening.items():
                if has_beginnings(text, start):
                    note(rowid, number)
    return held


def _texts(pks: Sequence[int]) -> list[tuple[int, str]]:
    """(id, text) of every passage of some documents."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.text FROM json_each(%s) j "
            "CROSS JOIN search_documentpassage p ON p.document_id = j.value",
            [json.dumps(list(pks))],
        )
        return cursor.fetchall()


def _best(held: dict[int, set[int]]) -> list[int]:
    """The passages with most of what is wanted, that counting more which this document says less
    often; of equals the earliest."""
    said = Counter(number for numbers in held.values() for number in numbers)
    worth = {number: log(1 + len(held) / times) for number, times in said.items()}
    order = sorted(held, key=lambda rowid: (-sum(worth[each] for each in held[rowid]), rowid))
    return order[:CANDIDATES]


def _marked(
    ids: Sequence[int], leaves: Sequence[Leaf], complete: fts5.Completions
) -> dict[int, Marked]:
    """Passages with their marks, by id: those that the index knows to hold any of the leaves, and
    the others, in which words begin as was typed."""
    if not ids:
        return {}
    found: list[tuple] = []
    with connection.cursor() as cursor:
        if matching := _without_beginnings(leaves, complete):
            table = fts5.PASSAGES
            documents = sorted({rowid // MAX_PASSAGES for rowid in ids})
            # The plus: else the index is entered once for each passage.
            cursor.execute(
                f"SELECT {table}.rowid, p.kind, p.place, p.offsets, p.speakers, "  # noqa: S608
                f"highlight({table}, 0, %s, %s) "
                f"{_OF_DOCUMENTS.format(more=_THEIR_ROW)} "
                f"AND +{table}.rowid IN (SELECT value FROM json_each(%s))",
                [MARK_START, MARK_END, json.dumps(documents), matching, json.dumps(list(ids))],
            )
            found = cursor.fetchall()
        met = {row[0] for row in found}
        if others := [rowid for rowid in ids if rowid not in met]:
            cursor.execute(
                "SELECT p.id, p.kind, p.place, p.offsets, p.speakers, p.text FROM json_each(%s) j "
                "CROSS JOIN search_documentpassage p ON p.id = j.value",
                [json.dumps(others)],
            )
            found += cursor.fetchall()
    opening = starts(leaves)
    return {
        rowid: Marked(
            kind, place, _Pairs(offsets), _Pairs(speakers), _with_beginnings(text, opening)
        )
        for rowid, kind, place, offsets, speakers, text in found
    }


def _without_beginnings(leaves: Iterable[Leaf], complete: fts5.Completions) -> str:
    """A MATCH expression for the leaves that stems can find; "" if there is none. Beginnings are
    read in the texts: to the index each would be as many words as begin so."""
    stems = [leaf for leaf in leaves if not isinstance(leaf, Prefix)]
    return fts5.match_any(stems, complete) if stems else ""


def _with_beginnings(marked: str, opening: Sequence[str]) -> str:
    if not opening:
        return marked
    text, spans = strip_marks(marked) if MARK_START in marked else (marked, [])
    return mark(text, sorted({*spans, *beginnings(text, opening)}))
