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
from django.db.models import TextField
from django.db.models.functions import Cast

from search.closeness import Wanted
from search.documents import MARK_END, MARK_START, MAX_PASSAGES
from search.engines import fts5
from search.folding import beginnings
from search.models import DocumentPassage, DocumentText
from search.moments import CANDIDATES, Marked, choose, mark, strip_marks
from search.query import And, Leaf, Or, Prefix, apart, positive_leaves, starts, words_of_phrases
from search.results import Moment

# CROSS JOIN: the index is entered once for each document, and left at its last passage.
_OF_DOCUMENTS = f"""
    FROM json_each(%s) j CROSS JOIN {fts5.PASSAGES} WHERE {fts5.PASSAGES} MATCH %s
    AND {fts5.PASSAGES}.rowid BETWEEN j.value * {MAX_PASSAGES} AND j.value * {MAX_PASSAGES} + {MAX_PASSAGES - 1}
"""  # noqa: E501 - names and numbers of our own


class _Offsets(Sequence):
    """Where the words of a passage begin, read when it is first asked for."""

    def __init__(self, stored: str) -> None:
        self._stored = stored

    @cached_property
    def _pairs(self) -> list[list[int]]:
        return json.loads(self._stored)

    def __getitem__(self, number):
        return self._pairs[number]

    def __len__(self) -> int:
        return len(self._pairs)


def headings(
    pks: Sequence[int], leaves: Sequence[Leaf], complete: fts5.Completions
) -> dict[int, tuple[str, str]]:
    """Title and summary, marked, of those documents that still have them."""
    rows = DocumentText.objects.filter(pk__in=pks).values_list("pk", "title", "summary")
    plain = {pk: (title, summary) for pk, title, summary in rows}
    marked = {}
    if matching := _without_beginnings(leaves, complete):
        table = fts5.DOCUMENTS
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT j.value, highlight({table}, 0, %s, %s), highlight({table}, 3, %s, %s) "  # noqa: S608
                f"FROM json_each(%s) j CROSS JOIN {table} "
                f"WHERE {table} MATCH %s AND {table}.rowid = j.value",
                [*[MARK_START, MARK_END] * 2, json.dumps(list(plain)), matching],
            )
            marked = {pk: (title, summary) for pk, title, summary in cursor.fetchall()}
    opening = starts(leaves)
    return {
        pk: (_with_beginnings(title, opening), _with_beginnings(summary, opening))
        for pk, (title, summary) in (plain | marked).items()
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
        one = f"SELECT %s, {fts5.PASSAGES}.rowid {_OF_DOCUMENTS}"
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
        texts = DocumentPassage.objects.filter(document__in=pks).values_list("pk", "text")
        for rowid, text in texts.iterator():
            for number, start in opening.items():
                if beginnings(text, start):
                    note(rowid, number)
    return held


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
    """Passages with their marks, by id."""
    rows = DocumentPassage.objects.filter(pk__in=ids)
    # As text: of most passages that are looked at nobody asks for the times.
    offsets = Cast("offsets", TextField())
    passages = rows.values_list("pk", "kind", "place", offsets, "text")
    marked = _highlights(ids, leaves, complete)
    opening = starts(leaves)
    return {
        pk: Marked(kind, place, _Offsets(offsets), _with_beginnings(marked.get(pk, text), opening))
        for pk, kind, place, offsets, text in passages
    }


def _highlights(
    ids: Sequence[int], leaves: Sequence[Leaf], complete: fts5.Completions
) -> dict[int, str]:
    """Texts with marks, of those passages that the index knows to hold any of the leaves."""
    matching = _without_beginnings(leaves, complete)
    if not matching or not ids:
        return {}
    table = fts5.PASSAGES
    documents = sorted({rowid // MAX_PASSAGES for rowid in ids})
    with connection.cursor() as cursor:
        # The plus: else the index is entered once for each passage.
        cursor.execute(
            f"SELECT {table}.rowid, highlight({table}, 0, %s, %s) {_OF_DOCUMENTS} "  # noqa: S608
            f"AND +{table}.rowid IN (SELECT value FROM json_each(%s))",
            [MARK_START, MARK_END, json.dumps(documents), matching, json.dumps(list(ids))],
        )
        return dict(cursor.fetchall())


def _without_beginnings(leaves: Iterable[Leaf], complete: fts5.Completions) -> str:
    """A MATCH expression for the leaves that stems can find; "" if there is none. Beginnings are
    read in the texts: to the index each would be as many words as begin so."""
    stems = [leaf for leaf in leaves if not isinstance(leaf, Prefix)]
    return fts5.match_any(stems, complete) if stems else ""


def _with_beginnings(marked: str, opening: Sequence[str]) -> str:
    if not opening:
        return marked
    text, spans = strip_marks(marked)
    return mark(text, sorted({*spans, *beginnings(text, opening)}))
