"""Finding with SQLite FTS5. See fts5.py for the tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from search.documents import MARK_END, MARK_START, MAX_PASSAGES
from search.engines import fts5
from search.engines.rows import subquery_of
from search.folding import fold
from search.models import IndexedDocument
from search.moments import Marked, choose, whole
from search.query import TOGETHER, And, positive_leaves, words_of_phrases
from search.results import Hit, Matches, Moment, Results

# A beginning stands for this many words at most, the most widely used first.
MOST_COMPLETIONS = 100
# Passages looked at for each moment wanted: an overlap shows again what was shown already.
PASSAGES_PER_MOMENT = 3
# Titles looked at when suggesting, before those that begin so are put first.
MOST_TITLES = 200
# Passages looked at for what people often say, and how many words a beginning stands for then.
MOST_SAID, MOST_BEGUN = 150, 20

# CROSS JOIN keeps SQLite from asking the index once for each document instead of once in all.
_LIVE = f"""
    CROSS JOIN search_indexeddocument d ON d.id = {{table}}.rowid
    CROSS JOIN search_documenttext t ON t.document_id = d.id
    WHERE {{table}} MATCH %s AND d.state = '{IndexedDocument.State.LIVE}'
    AND d.key IN ({{visible}})
"""
# Times more for a document with a passage that holds all of what is wanted.
_TOGETHER = (
    f"* CASE WHEN d.id IN (SELECT rowid / {MAX_PASSAGES} FROM {fts5.PASSAGES} "  # noqa: S608
    f"WHERE {fts5.PASSAGES} MATCH %s) THEN {TOGETHER} ELSE 1 END"
)


def find(tree: And, visible: QuerySet, limit: int, offset: int, moments: int) -> Results:
    """One page of the documents that match, with their best moments."""
    complete = cache(completions)
    expression = fts5.match(tree, complete)
    table = fts5.DOCUMENTS
    breath = _breath(tree, complete)
    try:
        sql, params = _live_and_visible(table, visible)
    except EmptyResultSet:
        return Results()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} {sql}", [expression, *params])  # noqa: S608
        total = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT d.id, d.key, {_score(breath)} AS score "  # noqa: S608
            f"FROM {table} {sql} ORDER BY score, d.key LIMIT %s OFFSET %s",
            [*filter(None, [breath]), expression, *params, limit, offset],
        )
        page = cursor.fetchall()
    pks = {key: pk for pk, key, _ in page}
    scores = {key: -score for _, key, score in page}
    return Results(total=total, hits=_hits(tree, pks, scores, moments, complete))


def matching(tree: And, visible: QuerySet) -> Matches:
    """Every document that matches, best first."""
    complete = cache(completions)
    table = fts5.DOCUMENTS
    breath = _breath(tree, complete)
    try:
        sql, params = _live_and_visible(table, visible)
    except EmptyResultSet:
        return Matches(tree=tree)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.key, {_score(breath)} AS score FROM {table} {sql} ORDER BY score, d.key",  # noqa: S608
            [*filter(None, [breath]), fts5.match(tree, complete), *params],
        )
        return Matches(scores={key: -score for key, score in cursor.fetchall()}, tree=tree)


def hits(matches: Matches, ids: Sequence[str], visible: QuerySet, moments: int) -> list[Hit]:
    """Some of what matched, with their best moments: those that may be found now."""
    wanted = [key for key in ids if key in matches.scores]
    try:
        subquery_of(visible)
    except EmptyResultSet:
        return []
    rows = IndexedDocument.objects.filter(state=IndexedDocument.State.LIVE, key__in=wanted)
    found = dict(rows.filter(key__in=visible).values_list("key", "pk"))
    if matches.tree is None or not found:
        return []
    pks = {key: found[key] for key in wanted if key in found}
    return _hits(matches.tree, pks, matches.scores, moments, cache(completions))


def _breath(tree: And, complete: fts5.Completions) -> str:
    """What matches a passage that holds all that is wanted; "" where that is just one thing."""
    return fts5.match_all(tree.wanted, complete) if len(tree.wanted) > 1 else ""


def _score(breath: str) -> str:
    """SQL for how good a document is: the lower the better."""
    weights = ", ".join(map(str, fts5.WEIGHTS))
    return f"bm25({fts5.DOCUMENTS}, {weights}) {_TOGETHER if breath else ''}"


def _hits(
    tree: And,
    pks: dict[str, int],
    scores: dict[str, float],
    moments: int,
    complete: fts5.Completions,
) -> list[Hit]:
    """Documents with their marked headings and moments, in the order of `pks`."""
    leaves = positive_leaves(tree)
    marking = fts5.match_any(leaves, complete)
    headings = _headings(list(pks.values()), marking)
    found = _moments(list(pks.values()), marking, moments, _breath(tree, complete))
    if loose := words_of_phrases(leaves):
        # A phrase longer than the overlap, across a cut: show where its words are.
        bare = [pk for pk in pks.values() if not found[pk]]
        found |= _moments(bare, fts5.match_any(loose, complete), moments)
    return [
        Hit(key, scores[key], whole(headings[pk][0]), whole(headings[pk][1]), found[pk])
        for key, pk in pks.items()
        if pk in headings  # else its words went while this ran
    ]


def holders(words: Sequence[str], visible: QuerySet) -> dict[str, int]:
    """How many visible documents hold each of some whole words; none for those that none holds."""
    table = fts5.WORDS
    try:
        sql, params = _live_and_visible(table, visible)
    except EmptyResultSet:
        return {}
    found = {}
    with connection.cursor() as cursor:
        # Few of many slips are words at all; the CROSS JOIN looks each up, and reads no dictionary.
        cursor.execute(
            f"SELECT v.term FROM json_each(%s) j CROSS JOIN {fts5.VOCABULARY} v "  # noqa: S608
            "WHERE v.term = j.value",
            [json.dumps(list(words))],
        )
        for (word,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} {sql}", [f'"{word}"', *params])  # noqa: S608
            if number := cursor.fetchone()[0]:
                found[word] = number
    return found


def titles(words: list[str]) -> list[tuple[str, str]]:
    """(id, title) of documents whose title holds all of the words, the last perhaps begun."""
    *heads, last = words
    strings = " AND ".join([*(f'"{word}"' for word in heads), f'"{last}" *'])
    return _of_live(
        f"SELECT d.key, t.title FROM {fts5.WORDS} f "  # noqa: S608 - names of our own
        "CROSS JOIN search_indexeddocument d ON d.id = f.rowid "
        "CROSS JOIN search_documenttext t ON t.document_id = d.id "
        f"WHERE {fts5.WORDS} MATCH %s AND d.state = %s ORDER BY t.title LIMIT %s",
        f"{{title}} : ({strings})",
        MOST_TITLES,
    )


def said(words: list[str]) -> list[tuple[str, str]]:
    """(id, text) of some passages, the newest, with all words but the last side by side; or with a
    widely used word that begins like the only one."""
    *heads, last = words
    strings = [" ".join(heads)] if heads else completions(last)[:MOST_BEGUN]
    return _of_live(
        f"SELECT d.key, p.text FROM {fts5.PASSAGES} f "  # noqa: S608 - names of our own
        "CROSS JOIN search_documentpassage p ON p.id = f.rowid "
        "CROSS JOIN search_indexeddocument d ON d.id = p.document_id "
        f"WHERE {fts5.PASSAGES} MATCH %s AND d.state = %s ORDER BY f.rowid DESC LIMIT %s",
        " OR ".join(f'"{string}"' for string in strings) or '""',
        MOST_SAID,
    )


def _of_live(sql: str, match: str, most: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, IndexedDocument.State.LIVE.value, most])
        return cursor.fetchall()


def completions(start: str) -> list[str]:
    """Words that documents hold and that begin so, the most widely used first."""
    start = fold(start)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT term FROM {fts5.VOCABULARY} WHERE term >= %s AND term < %s "  # noqa: S608
            "ORDER BY doc DESC, term LIMIT %s",
            [start, start + "\U0010ffff", MOST_COMPLETIONS],
        )
        return [term for (term,) in cursor.fetchall()]


def _live_and_visible(table: str, visible: QuerySet) -> tuple[str, list]:
    """The rest of a SELECT over a full-text table, and the parameters after its MATCH.

    Raises ValueError unless `visible` selects one column; EmptyResultSet if it is known empty.
    """
    subquery, params = subquery_of(visible)
    return _LIVE.format(table=table, visible=subquery), list(params)


def _headings(pks: list[int], marking: str) -> dict[int, tuple[str, str]]:
    """Title and summary, marked, of those documents that still have them."""
    table = fts5.DOCUMENTS
    if not pks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, highlight({table}, 0, %s, %s), highlight({table}, 3, %s, %s) "  # noqa: S608
            f"FROM {table} WHERE {table} MATCH %s AND {_in_one_pass(table, pks)}",
            [MARK_START, MARK_END, MARK_START, MARK_END, marking, *pks],
        )
        return {pk: (title, summary) for pk, title, summary in cursor.fetchall()}


def _moments(pks: list[int], marking: str, most: int, breath: str = "") -> dict[int, list[Moment]]:
    """The best moments of each of some documents. `breath` matches the passages that come first."""
    if not most:
        return {pk: [] for pk in pks}
    passages = _best_passages(pks, marking, breath)
    best = {pk: ids[: most * PASSAGES_PER_MOMENT] for pk, ids in passages.items()}
    marked = _marked([rowid for ids in best.values() for rowid in ids], marking)
    return {
        pk: choose([marked[rowid] for rowid in ids if rowid in marked], most)
        for pk, ids in best.items()
    }


def _best_passages(pks: list[int], marking: str, breath: str) -> dict[int, list[int]]:
    """The ids of the passages that match, best first, for each of some documents.

    All documents at once: bm25 counts every matching row of the table anew for each query.
    """
    table = fts5.PASSAGES
    if not pks:
        return {}
    first = f"rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH %s) DESC, " if breath else ""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, bm25({table}) AS score FROM {table} WHERE {table} MATCH %s "  # noqa: S608
            f"AND rowid / %s IN ({', '.join(['%s'] * len(pks))}) ORDER BY {first}score, rowid",
            [marking, MAX_PASSAGES, *pks, *filter(None, [breath])],
        )
        best: dict[int, list[int]] = {pk: [] for pk in pks}
        for rowid, _ in cursor.fetchall():
            best[rowid // MAX_PASSAGES].append(rowid)
    return best


def _marked(ids: list[int], marking: str) -> dict[int, Marked]:
    """Passages with their marks, by id."""
    table = fts5.PASSAGES
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, p.kind, p.place, p.offsets, highlight({table}, 0, %s, %s) "  # noqa: S608
            f"FROM {table} CROSS JOIN search_documentpassage p ON p.id = {table}.rowid "
            f"WHERE {table} MATCH %s AND {_in_one_pass(table, ids)}",
            [MARK_START, MARK_END, marking, *ids],
        )
        return {
            rowid: Marked(kind, place, json.loads(offsets), text)
            for rowid, kind, place, offsets, text in cursor.fetchall()
        }


def _in_one_pass(table: str, ids: Sequence[int]) -> str:
    """A condition on rowid. The plus keeps SQLite from starting the search anew for each id,
    which costs most for a beginning that stands for many words."""
    return f"+{table}.rowid IN ({', '.join(['%s'] * len(ids))})"
