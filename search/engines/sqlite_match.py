"""The tree as one condition and one score, with SQLite FTS5.

Stems answer for nearly everything, in one MATCH that bm25() ranks. Not so for a short beginning: as
an OR of all the words that begin so it takes tenths of a second over ten thousand documents, and as
an OR of some of them it would miss documents. It is a set of documents instead, which the index of
beginnings gives at once, ranked by the part of a document that holds it: by BM25, too, what most
documents hold would count next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.db import connection

from search.engines import fts5
from search.folding import fold
from search.query import TOGETHER, VERBATIM, And, Leaf, Prefix, positive_leaves

# A beginning is looked for as the words that begin so up to this many words, and up to this many
# documents that hold any.
MOST_COMPLETIONS = 100
MOST_HOLDERS = 1_000
# What FTS5 makes of the rarity of a word that more than half of all documents hold.
NO_RARITY = 1e-6

Sql = tuple[str, list]


@dataclass(frozen=True)
class Matching:
    """The documents that match, whatever may be seen of them.

    source: FROM and WHERE; each is a row `d` of search_indexeddocument. score: the less the better.
    """

    source: Sql
    score: Sql


def matching(tree: And, complete: fts5.Completions) -> Matching:
    """Compile a tree. `complete` gives the words that begin in some way."""
    leaves = {*positive_leaves(tree), *tree.unwanted}
    broad = {leaf for leaf in leaves if isinstance(leaf, Prefix) and _is_broad(leaf, complete)}
    stems = [group for group in tree.wanted if not broad.intersection(group)]
    sql, params = "FROM search_indexeddocument d WHERE TRUE", []
    if stems:
        # CROSS JOIN keeps SQLite from asking the index once for each document instead of once.
        table = fts5.DOCUMENTS
        sql = (
            f"FROM {table} CROSS JOIN search_indexeddocument d ON d.id = {table}.rowid "
            f"WHERE {table} MATCH %s"
        )
        params = [fts5.match_all(stems, complete)]
    sets = [("IN", group) for group in tree.wanted if broad.intersection(group)]
    for whether, group in [*sets, ("NOT IN", tree.unwanted)] if tree.unwanted else sets:
        holders, more = _holders(group, broad, complete)
        sql, params = f"{sql} AND d.id {whether} ({holders})", [*params, *more]
    worth = [
        (TOGETHER, fts5.DOCUMENTS, fts5.match_near(tree.together, complete)),
        (VERBATIM, fts5.WORDS, fts5.match_all([[leaf] for leaf in tree.verbatim], complete)),
    ]
    begun = broad.intersection(positive_leaves(tree))
    return Matching((sql, params), _score(stems, worth, begun, complete))


def completions(start: str) -> list[str]:
    """Words that documents hold and that begin so, the most widely used first."""
    start = fold(start)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT term FROM {fts5.VOCABULARY} WHERE term >= %s AND term < %s "  # noqa: S608
            "ORDER BY doc DESC, term LIMIT %s",
            [start, start + "\U0010ffff", MOST_COMPLETIONS + 1],
        )
        return [term for (term,) in cursor.fetchall()]


def _is_broad(leaf: Prefix, complete: fts5.Completions) -> bool:
    """Whether it begins too much to look for each word."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {fts5.WORDS} WHERE {fts5.WORDS} MATCH %s",  # noqa: S608
            [_begins(leaf)],
        )
        if cursor.fetchone()[0] > MOST_HOLDERS:
            return True
    return len(complete(leaf.start)) > MOST_COMPLETIONS


def _begins(leaf: Prefix) -> str:
    return f'"{fold(leaf.start)}" *'


def _holders(leaves: Sequence[Leaf], broad: AbstractSet[Prefix], complete: fts5.Completions) -> Sql:
    """Ids of the documents that hold any of the leaves."""
    stems = [leaf for leaf in leaves if leaf not in broad]
    asked = [(fts5.WORDS, _begins(leaf)) for leaf in broad if leaf in leaves]
    if stems:
        asked.append((fts5.DOCUMENTS, fts5.match_any(stems, complete)))
    sql = " UNION ".join(
        f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608 - names of our own
        for table, _ in asked
    )
    return sql, [words for _, words in asked]


def _score(
    stems: Sequence[Sequence[Leaf]],
    worth: Sequence[tuple[float, str, str]],
    broad: AbstractSet[Prefix],
    complete: fts5.Completions,
) -> Sql:
    """`worth`: by how much more a document is worth that a table finds by a MATCH expression."""
    parts, params = ["0.0"], []
    if stems:
        parts = [f"bm25({fts5.DOCUMENTS}, {', '.join(map(str, fts5.WEIGHTS))})"]
        for factor, table, matching in worth:
            if matching:
                parts[0] += (
                    f" * CASE WHEN d.id IN (SELECT rowid FROM {table} "  # noqa: S608
                    f"WHERE {table} MATCH %s) THEN {factor} ELSE 1 END"
                )
                params.append(matching)
    columns = fts5.CONTENT[fts5.WORDS][2]
    for leaf in broad:
        # All of them but the body: what is found there only comes last.
        for column, weight in zip(columns[:-1], fts5.WEIGHTS[:-1], strict=True):
            parts.append(
                f"- (d.id IN (SELECT rowid FROM {fts5.WORDS} WHERE {fts5.WORDS} MATCH %s)) "  # noqa: S608
                f"* {weight * NO_RARITY}"
            )
            params.append(f"{column} : {_begins(leaf)}")
    return " ".join(parts), params
