"""One search, from what was typed to an answer: with synonyms, and what to try when nothing is
found. The same for every engine, and for a page of hits and all that matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.db.models import QuerySet

from search import query, spelling
from search.engines import Engine
from search.query import And
from search.results import Matches, Results
from search.synonyms import Synonyms

Found = TypeVar("Found", Results, Matches)


def find(
    text: str,
    engine: Engine,
    visible: QuerySet,
    synonyms: Synonyms,
    *,
    limit: int,
    offset: int,
    moments: int,
) -> Results:
    """See search.api.find()."""
    ask = partial(engine.find, visible=visible, limit=limit, offset=offset, moments=moments)
    return _answer(text, engine, visible, synonyms, ask, Results())


def matching(text: str, engine: Engine, visible: QuerySet, synonyms: Synonyms) -> Matches:
    """See search.api.matching()."""
    ask = partial(engine.matching, visible=visible)
    return _answer(text, engine, visible, synonyms, ask, Matches())


def _answer(
    text: str,
    engine: Engine,
    visible: QuerySet,
    synonyms: Synonyms,
    ask: Callable[[And], Found],
    nothing: Found,
) -> Found:
    try:
        tree = query.parse(text)
    except query.CannotSearch as error:
        return replace(nothing, problem=str(error))
    results = ask(synonyms.expand(tree))
    if results.total or results.problem:
        return results
    count = partial(engine.find, visible=visible, limit=0, offset=0, moments=0)
    meant = spelling.meant(
        tree,
        holders=partial(engine.holders, visible=visible),
        total=lambda tree: count(synonyms.expand(tree)).total,
        known=synonyms.knows,
    )
    if meant is None:
        return _relaxed(synonyms.expand(tree), ask, nothing)
    as_typed = query.replace_words(text, meant.words)
    if meant.certain:
        results = ask(synonyms.expand(spelling.replaced(tree, meant.words)))
        # Where not even that has all of the words, it is a guess too many to make by ourselves.
        if results.total:
            quoted = {word: f'"{word}"' for word in meant.words}
            exactly = query.replace_words(text, quoted)
            return replace(results, meant=as_typed, corrected=True, exactly=exactly)
    return replace(_relaxed(synonyms.expand(tree), ask, nothing), meant=as_typed)


def _relaxed(tree: And, ask: Callable[[And], Found], nothing: Found) -> Found:
    """What has any of the words, for a search that finds nothing with all of them."""
    relaxed = query.relax(tree)
    if relaxed is None:
        return nothing
    results = ask(relaxed)
    return replace(results, relaxed=results.total > 0)
