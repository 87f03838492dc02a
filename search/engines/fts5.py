"""The FTS5 tables, and the tree as their MATCH language."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from search.documents import MAX_PASSAGES
from search.query import WITHIN, Leaf, Phrase, Prefix

# One row a document: what is found, and how it is ranked. Stemmed.
DOCUMENTS = "search_document_fts"
# One row a passage: moments. Stemmed.
PASSAGES = "search_passage_fts"
# One row a document, not stemmed: a stem is no beginning of its word ("experience" is kept as
# "experi", which "experien" does not begin), so that beginnings are looked up among whole words.
WORDS = "search_word_fts"
# Every word of WORDS with how many documents hold it; reads the index itself, stores nothing.
VOCABULARY = "search_word_vocab"

# title, people, tags, summary, body. To be set by an evaluation; until then: the shorter the
# field, the more a word in it says.
WEIGHTS = (10.0, 6.0, 6.0, 3.0, 1.0)

# Each full-text table, the table that holds its text, that one's key, and the columns.
CONTENT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    DOCUMENTS: (
        "search_documenttext",
        "document_id",
        ("title", "people", "tags", "summary", "body"),
    ),
    WORDS: ("search_documenttext", "document_id", ("title", "people", "tags", "summary", "body")),
    PASSAGES: ("search_documentpassage", "id", ("text",)),
}

# NEAR knows no OR: each way of taking one of each group is written out, up to so many.
MOST_WAYS = 60

Completions = Callable[[str], Sequence[str]]


def rows_of(table: str, document_pk: int) -> tuple[int, int]:
    """The first and last id that a document's rows can have in a full-text table."""
    if table != PASSAGES:
        return document_pk, document_pk
    first = document_pk * MAX_PASSAGES
    return first, first + MAX_PASSAGES - 1


def insert_sql(table: str) -> str:
    """Index the rows of the content table whose key lies between two parameters."""
    source, key, columns = CONTENT[table]
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} (rowid, {names}) "  # noqa: S608 - names of our own
        f"SELECT {key}, {names} FROM {source} WHERE {key} BETWEEN %s AND %s"
    )


def delete_sql(table: str) -> str:
    """Take those rows out of the index; to be run while the content table still has them."""
    source, key, columns = CONTENT[table]
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({table}, rowid, {names}) "  # noqa: S608 - names of our own
        f"SELECT 'delete', {key}, {names} FROM {source} WHERE {key} BETWEEN %s AND %s"
    )


def match_all(groups: Iterable[Iterable[Leaf]], complete: Completions) -> str:
    """The MATCH expression for one of each group. `complete` gives the known words that begin in
    some way.

    Only runs of letters and digits in quotation marks reach FTS5: query.py lets nothing else in.
    """
    return " AND ".join(_any(leaves, complete) for leaves in groups)


def match_near(together: Iterable[Sequence[Sequence[Leaf]]], complete: Completions) -> str:
    """The MATCH expression for one of each group of any set, WITHIN words of one body; "" where
    there is no set, or many synonyms make too many ways."""
    ways: list[str] = []
    for groups in together:
        strings = [
            [each for leaf in leaves for each in _strings(leaf, complete)] for leaves in groups
        ]
        if len(ways) + math.prod(map(len, strings)) > MOST_WAYS:
            return ""
        ways += [" ".join(way) for way in product(*strings)]
    near = " OR ".join(f"NEAR({way}, {WITHIN})" for way in ways)
    return f"body : ({near})" if near else ""


def match_any(leaves: Iterable[Leaf], complete: Completions) -> str:
    """The MATCH expression for any of the leaves: what to mark in a passage."""
    return _any(leaves, complete)


def _any(leaves: Iterable[Leaf], complete: Completions) -> str:
    strings = dict.fromkeys(string for leaf in leaves for string in _strings(leaf, complete))
    return f"({' OR '.join(strings)})"


def _strings(leaf: Leaf, complete: Completions) -> list[str]:
    """The FTS5 strings of which any one is a match. An empty string matches nothing."""
    if isinstance(leaf, Prefix):
        return [f'"{word}"' for word in complete(leaf.start)] or ['""']
    if isinstance(leaf, Phrase):
        if leaf.open_ended:
            head = " ".join(leaf.words[:-1])
            return [f'"{head} {word}"' for word in complete(leaf.words[-1])] or ['""']
        return [f'"{" ".join(leaf.words)}"']
    return [f'"{leaf.word}"']
