"""How fast one engine is, with so many passages: prints JSON.

    PASSAGES=10000 ROUNDS=30 python -m benchmarks.search.latency

Filling, one story published and one taken back, and searches: ours beside the same sent raw and
beside a plain one (raw.py), by turns.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from benchmarks.search.room import everything, room  # isort: skip - it sets Django up

from django.conf import settings
from django.db import connection

from benchmarks.search.corpus import many
from benchmarks.search.measures import TOP
from benchmarks.search.raw import ON_A_SERVER, plain, same
from search import api

PASSAGES = int(os.environ.get("PASSAGES", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
MOMENTS = 3
# So many stories are published and taken back by themselves.
SOME = 20
# Seconds after which an engine that has not let go of the last word is not waited for.
MOST_SCRUBBING = 600
QUERIES = {
    "two words": "vineyard winter",
    "three, any": "vineyard OR winter OR shepherd",
    "a phrase": '"in the wilderness"',
    "one very common word": "lord",
    "the commonest word": "the",
    "a short beginning": "sh*",
    "a shorter one": "th*",
}


def main() -> None:
    with room():
        wrote = fill()
        found = {name: timed(typed) for name, typed in QUERIES.items()}
        wrote |= some_come_and_go()
    json.dump({"wrote": wrote, "queries": found}, sys.stdout)


def fill() -> dict:
    """All of it, as rebuild_search does it; how long that took and how much room it needs."""
    made, spent = [0], [0.0]

    def documents() -> Iterator[tuple[api.Document, int]]:
        began = time.perf_counter()
        for document in many(PASSAGES):
            made[0] += len(document.passages)
            spent[0] += time.perf_counter() - began  # ours to make, not the engine's to write
            yield document, 1
            began = time.perf_counter()

    began = time.perf_counter()
    number = api.rebuild(documents())
    took = time.perf_counter() - began - spent[0]
    return {
        "passages": made[0],
        "documents": number,
        "passages a second": made[0] / took,
        "bytes": size(),
    }


def size() -> int:
    if ON_A_SERVER:
        from search.engines.elastic_client import WRITING, client

        stats = client(WRITING).indices.stats(index=settings.ELASTICSEARCH_INDEX)
        return stats["_all"]["primaries"]["store"]["size_in_bytes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]


def some_come_and_go() -> dict:
    """Wall-clock milliseconds: of one story put, hidden, removed; and of the last word's going."""
    later = [document for document, _ in zip(many(PASSAGES, seed=2), range(SOME), strict=False)]
    keys = [document.id for document in later]
    putting = [milliseconds(lambda one=one: api.put(one, 2), walls) for one in later]
    hiding = [milliseconds(lambda key=key: api.hide(key, 3), walls) for key in keys]
    removing = [milliseconds(lambda key=key: api.remove(key, 3), walls) for key in keys]
    return {
        "put ms": statistics.median(putting),
        "hide ms": statistics.median(hiding),
        "remove ms": statistics.median(removing),
        "scrub ms": milliseconds(scrubbed, walls),
    }


def scrubbed() -> None:
    until = time.monotonic() + MOST_SCRUBBING
    while not api.scrub():
        if time.monotonic() > until:
            raise SystemExit(f"Deleted words are still in a file after {MOST_SCRUBBING} seconds.")
        time.sleep(0.5)


def timed(typed: str) -> dict[str, list[float]]:
    """Milliseconds of each round, by turns."""

    def bare() -> object:
        return answered(api.find(typed, visible=everything(), limit=TOP, moments=0))

    def whole() -> object:
        return answered(api.find(typed, visible=everything(), limit=TOP, moments=MOMENTS))

    def as_the_site() -> object:
        """Everything that matches, to be counted by its facets, and a page of it."""
        matches = answered(api.matching(typed, visible=everything()))
        return api.hits(matches, list(matches.scores)[:TOP], visible=everything(), moments=MOMENTS)

    ways: dict[str, Callable[[], object]] = {
        "plain": plain(typed),
        "raw": same(bare),
        "ours": bare,
        "raw, moments": same(whole),
        "ours, moments": whole,
        "raw, site": same(as_the_site),
        "ours, site": as_the_site,
    }
    spans: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(-3, ROUNDS):
        for name, way in ways.items():
            taken = milliseconds(way, walls if ON_A_SERVER else time.process_time)
            if number >= 0:  # the first three warm up
                spans[name].append(taken)
    return spans


Found = TypeVar("Found", api.Results, api.Matches)


def answered(found: Found) -> Found:
    """The same. A search that was given up is no short one: SystemExit."""
    if found.problem:
        raise SystemExit(f"A search could not be run: {found.problem}")
    return found


# Where a server does the work; this process's own time tells less of who else uses the machine.
walls = time.perf_counter


def milliseconds(what: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    what()
    return (clock() - began) * 1000


if __name__ == "__main__":
    main()
