"""One search, from what was typed to an answer: with synonyms, and what to try when nothing is
found. The same for every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.db.models import QuerySet

from search import query, spelling
from search.engines import Engine
from search.query import And
from search.results import Results
from search.synonyms import Synonyms

Ask = Callable[[And], Results]


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
    try:
        tree = query.parse(text)
    except query.CannotSearch as error:
        return Results(problem=str(error))
    page = partial(engine.find, visible=visible)
    ask = partial(page, limit=limit, offset=offset, moments=moments)
    results = ask(synonyms.expand(tree))
    if results.total or results.problem:
        return results
    meant = spelling.meant(
        tree,
        holders=partial(engine.holders, visible=visible),
        total=lambda tree: page(synonyms.expand(tree), limit=0, offset=0, moments=0).total,
        known=synonyms.knows,
    )
    if meant is None:
        return _relaxed(synonyms.expand(tree), ask)
    as_typed = query.replace_words(text, meant.words)
    if meant.certain:
        results = ask(synonyms.expand(spelling.replaced(tree, meant.words)))
        # Where not even that has all of the words, it is a guess too many to make by ourselves.
        if results.total:
            quoted = {word: f'"{word}"' for word in meant.words}
            exactly = query.replace_words(text, quoted)
            return replace(results, meant=as_typed, corrected=True, exactly=exactly)
    return replace(_relaxed(synonyms.expand(tree), ask), meant=as_typed)


def _relaxed(tree: And, ask: Ask) -> Results:
    """What has any of the words, for a search that finds nothing with all of them."""
    relaxed = query.relax(tree)
    if relaxed is None:
        return Results()
    results = ask(relaxed)
    return replace(results, relaxed=results.total > 0)
