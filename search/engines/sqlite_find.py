"""Finding with SQLite FTS5. See fts5.py for the tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from search.engines import fts5
from search.engines import sqlite_match as match
from search.engines.rows import subquery_of
from search.engines.sqlite_match import completions
from search.engines.sqlite_moments import headings, moments_of
from search.models import IndexedDocument
from search.moments import whole
from search.query import And, positive_leaves
from search.results import Hit, Matches, Results

# Titles looked at when suggesting, before those that begin so are put first.
MOST_TITLES = 200
# Passages looked at for what people often say, and how many words a beginning stands for then.
MOST_SAID, MOST_BEGUN = 150, 20

# CROSS JOIN keeps SQLite from asking the index once for each document instead of once in all.
_WORDS_SEEN = f"""
    FROM {fts5.WORDS} CROSS JOIN search_indexeddocument d ON d.id = {fts5.WORDS}.rowid
    WHERE {fts5.WORDS} MATCH %s AND {{seen}}
"""


def find(tree: And, visible: QuerySet, limit: int, offset: int, moments: int) -> Results:
    """One page of the documents that match, with their best moments."""
    complete = cache(completions)
    asked = match.matching(tree, complete)
    try:
        page, total = _page(asked, visible, limit, offset)
    except EmptyResultSet:
        return Results()
    pks = {key: pk for pk, key, _ in page}
    scores = {key: -score for _, key, score in page}
    return Results(total=total, hits=_hits(tree, pks, scores, moments, complete))


def matching(tree: And, visible: QuerySet) -> Matches:
    """Every document that matches, best first."""
    asked = match.matching(tree, cache(completions))
    try:
        source, params = _seen_of(asked, visible)
    except EmptyResultSet:
        return Matches(tree=tree)
    score, first = asked.score
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.key, {score} AS score {source} ORDER BY score, d.key",
            [*first, *params],
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


def _hits(
    tree: And,
    pks: dict[str, int],
    scores: dict[str, float],
    moments: int,
    complete: fts5.Completions,
) -> list[Hit]:
    """Documents with their marked headings and moments, in the order of `pks`."""
    said = headings(list(pks.values()), positive_leaves(tree), complete)
    found = moments_of(list(pks.values()), tree, complete, moments)
    return [
        Hit(key, scores[key], whole(said[pk][0]), whole(said[pk][1]), found[pk])
        for key, pk in pks.items()
        if pk in said  # else its words went while this ran
    ]


def _page(
    asked: match.Matching, visible: QuerySet, limit: int, offset: int
) -> tuple[list[tuple[int, str, float]], int]:
    """(row's id, document's id, score) of one page, and how many there are in all."""
    source, params = _seen_of(asked, visible)
    with connection.cursor() as cursor:
        if limit:
            score, first = asked.score
            # Matched and ranked once, for both.
            cursor.execute(
                f"WITH found AS MATERIALIZED (SELECT d.id, d.key, {score} AS score {source}) "  # noqa: S608
                "SELECT id, key, score, (SELECT count(*) FROM found) FROM found "
                "ORDER BY score, key LIMIT %s OFFSET %s",
                [*first, *params, limit, offset],
            )
            if rows := cursor.fetchall():
                return [row[:3] for row in rows], rows[0][3]
        cursor.execute(f"SELECT count(*) {source}", params)
        return [], cursor.fetchone()[0]


def _seen_of(asked: match.Matching, visible: QuerySet) -> tuple[str, list]:
    """FROM and WHERE of what matches and may be found."""
    source, params = asked.source
    seen, more = _seen(visible)
    return f"{source} AND {seen}", [*params, *more]


def holders(words: Sequence[str], visible: QuerySet) -> dict[str, int]:
    """How many visible documents hold each of some whole words; none for those that none holds."""
    try:
        seen, params = _seen(visible)
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
            asked = f"SELECT count(*) {_WORDS_SEEN.format(seen=seen)}"
            cursor.execute(asked, [f'"{word}"', *params])
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


def _of_live(sql: str, expression: str, most: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [expression, IndexedDocument.State.LIVE.value, most])
        return cursor.fetchall()


def _seen(visible: QuerySet) -> tuple[str, list]:
    """The condition that a document `d` may be found, and its parameters.

    Raises ValueError unless `visible` selects one column; EmptyResultSet if it is known empty.
    """
    subquery, params = subquery_of(visible)
    return f"d.state = '{IndexedDocument.State.LIVE}' AND d.key IN ({subquery})", list(params)
