"""Ranks of known answers on one engine: `python -m benchmarks.search.quality` prints JSON.

QUERIES=400 SPLIT=held-out SEARCH_ENGINE=sqlite
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence

from benchmarks.search.room import everything, room  # isort: skip - it sets Django up

from django.conf import settings

from benchmarks.search import baselines, measures
from benchmarks.search.corpus import chapters
from benchmarks.search.measures import TOP, Outcome
from benchmarks.search.places import places
from benchmarks.search.queries import KINDS, Known, bare, drawn, synonyms
from search import api, query

NO_SYNONYMS = api.Synonyms()
QUERIES = int(os.environ.get("QUERIES", "400"))
Way = Callable[[Known], Outcome]
SPLIT = os.environ.get("SPLIT", "held-out")
MEASURES = {
    "MRR@10": measures.reciprocal_rank,
    "success@1": measures.success,
    "nothing found": measures.nothing,
    "seconds off, p95": measures.seek_error,
    "off any such place, p95": measures.seek_error_of_any,
}


def main() -> None:
    with room():
        for one in chapters():
            api.put(one.document(), 1)
        plain = [(one.id, one.title, " ".join(one.words)) for one in chapters()]
        ways: dict[str, Way] = {"ours": ours(NO_SYNONYMS), "ours, listed": ours(listed())}
        drop = None
        if settings.SEARCH_ENGINE == "elasticsearch":
            find, drop = baselines.raw_elasticsearch(plain)
            ways["raw match"] = by_ids(find)
        else:
            ways["raw FTS5"] = by_ids(baselines.raw_fts5(plain))
            ways["Wagtail"] = by_ids(baselines.wagtail(plain))
        try:
            json.dump({kind: figures(kind, ways) for kind in KINDS}, sys.stdout)
        finally:
            if drop:
                drop()


def figures(kind: str, ways: dict[str, Way]) -> dict[str, dict[str, tuple[float, float, float]]]:
    """{way: {measure: (figure, least, most)}} of one class of queries."""
    asked = drawn(kind, QUERIES, SPLIT)
    if kind != "synonym":
        ways = {name: way for name, way in ways.items() if name != "ours, listed"}
    found: dict[str, dict[str, tuple[float, float, float]]] = {}
    for name, way in ways.items():
        outcomes = [way(known) for known in asked]
        found[name] = {
            measure: (reckon(outcomes), *measures.interval(reckon, outcomes))
            for measure, reckon in MEASURES.items()
            if name.startswith("ours") or not measure.endswith("p95")
        }
    return found


def listed() -> api.Synonyms:
    """WordNet's pairs as an editor's list. The queries are made of the same pairs: this tells what
    the list does for a word that is in it, and nothing of how many are."""
    said = {bare(word) for one in chapters() for word in one.words}
    return api.Synonyms([pair for pair in synonyms().items() if said.intersection(pair)])


def ours(list_: api.Synonyms) -> Way:
    def way(known: Known) -> Outcome:
        results = api.find(known.typed, visible=everything(), limit=TOP, moments=1, synonyms=list_)
        ids = [hit.document_id for hit in results.hits]
        if known.document not in ids:
            return Outcome(0, bool(ids))
        rank = ids.index(known.document) + 1
        moments = results.hits[rank - 1].moments
        if not moments:
            return Outcome(rank, True)
        looked_for = results.meant if results.corrected else known.typed
        tree = list_.expand(query.parse(looked_for))
        others = places(known.source, tree, known.span)
        aways = [_away(moments[0].place, known, numbers) for numbers in (known.numbers, *others)]
        return Outcome(rank, True, aways[0], min(aways))

    return way


def _away(place: int, known: Known, numbers: Sequence[int]) -> float:
    """Seconds from a moment to the nearest of some words."""
    return min(abs(place - known.source.times[number]) for number in numbers) / 1000


def by_ids(find: baselines.Find) -> Way:
    def way(known: Known) -> Outcome:
        ids = find(known.typed)
        return Outcome(ids.index(known.document) + 1 if known.document in ids else 0, bool(ids))

    return way


if __name__ == "__main__":
    main()
