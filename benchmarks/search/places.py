"""Where in a recording all that was typed is said, in the forms that the search counts as the same.

One is the place that was meant. Others do as well for somebody who knows of it what was typed and
no more: the same words, no further apart.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing

from benchmarks.search.corpus import Spoken
from search.query import And, Leaf, Phrase, Prefix

Numbers = tuple[int, ...]


def places(source: Spoken, tree: And, span: int) -> list[Numbers]:
    """The words of each stretch of at most `span` words that has one of each group, by their
    numbers in the recording. A group that is nowhere in it (a word of the title, one that was left
    aside because nothing had it) is not asked for.
    """
    said = [(stem, number) for number, word in enumerate(stemmed(source.words)) for stem in word]
    groups = [_met(said, leaves) for leaves in tree.wanted]
    groups = [met for met in groups if met]
    found = []
    for begin in sorted({first for met in groups for first, _ in met}):
        inside = [
            [each for each in met[bisect_left(met, (begin, 0)) :] if each[1] < begin + span]
            for met in groups
        ]
        if all(inside):
            runs = {run for met in inside for run in met}
            found.append(tuple(sorted({n for first, last in runs for n in range(first, last + 1)})))
    return found


def stemmed(words: Sequence[str]) -> list[list[str]]:
    """What FTS5 makes of each of some words, as our tables have it; several of "mother's"."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(
            "CREATE VIRTUAL TABLE it USING "
            "fts5(word, tokenize='porter unicode61 remove_diacritics 2')"
        )
        base.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(it, instance)")
        base.executemany("INSERT INTO it (rowid, word) VALUES (?, ?)", enumerate(words, start=1))
        found: list[list[str]] = [[] for _ in words]
        for number, stem in base.execute("SELECT doc, term FROM stems ORDER BY doc, offset"):
            found[number - 1].append(stem)
    return found


def _met(said: Sequence[tuple[str, int]], leaves: Sequence[Leaf]) -> list[tuple[int, int]]:
    """(first word, last word) of all that any of the leaves stands for, in their order."""
    found = set()
    for leaf in leaves:
        if isinstance(leaf, Prefix):
            raise ValueError("No query of this evaluation has the beginning of a word.")
        words = leaf.words if isinstance(leaf, Phrase) else (leaf.word,)
        stems = [stem for word in stemmed(words) for stem in word]
        for at in range(len(said) - len(stems) + 1):
            run = said[at : at + len(stems)]
            if [stem for stem, _ in run] == stems:
                found.add((run[0][1], run[-1][1]))
    return sorted(found)
