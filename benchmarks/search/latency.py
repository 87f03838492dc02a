"""How long a search takes, on one engine, beside the same query sent raw: prints JSON.

    PASSAGES=10000 ROUNDS=30 python -m benchmarks.search.latency

Ours is find(): what was typed, read, compiled, counted, ranked, with the gate of what may be
and its moments apart. Raw is the same in the engine's own language: ten best, and how many.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.search.room import everything, room  # isort: skip - it sets Django up

from django.conf import settings
from django.db import connection

from benchmarks.search.corpus import many
from benchmarks.search.measures import TOP
from search import api
from search.engines import current

PASSAGES = int(os.environ.get("PASSAGES", "10000"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
QUERIES = {
    "two words": "vineyard winter",
    "three, any": "vineyard OR winter OR shepherd",
    "a phrase": '"in the wilderness"',
    "one very common word": "lord",
    "the commonest word": "the",
    "a short beginning": "sh*",
    "a shorter one": "th*",
}
Spans = dict[str, list[float]]


def main() -> None:
    with room():
        wrote = write()
        raw = raw_on_server if settings.SEARCH_ENGINE == "elasticsearch" else raw_in_file
        found = {name: timed(typed, raw(typed)) for name, typed in QUERIES.items()}
        taken = [milliseconds(lambda id_=id_: take_back(id_)) for id_ in wrote["some"]]
        wrote["withdrawal ms"] = statistics.median(taken)
    del wrote["some"]
    json.dump({"wrote": wrote, "queries": found}, sys.stdout)


def write() -> dict:
    """Put all of it, and say how long that took and how much room it needs."""
    made, ids, spent = 0, [], 0.0
    for document in many(PASSAGES):
        spent += milliseconds(lambda one=document: api.put(one, 1)) / 1000
        made += len(document.passages)
        ids.append(document.id)
    return {
        "passages": made,
        "documents": len(ids),
        "passages a second": made / spent,
        "bytes": size(),
        "some": ids[-20:],
    }


def size() -> int:
    if settings.SEARCH_ENGINE == "elasticsearch":
        from search.engines.elastic_client import WRITING, client

        stats = client(WRITING).indices.stats(index=settings.ELASTICSEARCH_INDEX)
        return stats["_all"]["primaries"]["store"]["size_in_bytes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]


def take_back(document_id: str) -> None:
    api.hide(document_id, 2)
    api.remove(document_id, 2)


def timed(typed: str, raw: Callable[[], object]) -> dict[str, list[float]]:
    """Milliseconds of each round, by turns: raw, ours, and ours with its moments."""
    ways: dict[str, Callable[[], object]] = {
        "raw": raw,
        "ours": lambda: api.find(typed, visible=everything(), limit=TOP, moments=0),
        "with moments": lambda: api.find(typed, visible=everything(), limit=TOP, moments=3),
    }
    spans: Spans = {name: [] for name in ways}
    for number in range(-3, ROUNDS):
        for name, way in ways.items():
            taken = milliseconds(way)
            if number >= 0:  # the first three warm up
                spans[name].append(taken)
    return spans


def milliseconds(what: Callable[[], object]) -> float:
    """By the clock on the wall where a server does the work; else of this processor, for which it
    matters less who else is using the machine."""
    clock = time.perf_counter if settings.SEARCH_ENGINE == "elasticsearch" else time.process_time
    began = clock()
    what()
    return (clock() - began) * 1000


def raw_in_file(typed: str) -> Callable[[], object]:
    """FTS5's own language over the same table: its phrases, its beginnings, its rank."""
    from search.engines import fts5

    words = typed if typed.startswith('"') else re.sub(r"\b([a-z]+)\b", r'"\1"', typed)
    table = fts5.DOCUMENTS
    best = f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rank LIMIT {TOP}"
    number = f"SELECT count(*) FROM {table} WHERE {table} MATCH %s"

    def ask() -> None:
        with connection.cursor() as cursor:
            for statement in (number, best):
                cursor.execute(statement, [words])
                cursor.fetchall()

    return ask


def raw_on_server(typed: str) -> Callable[[], object]:
    from search.engines.elastic_client import ASKING, client

    plain = {"simple_query_string": {"query": typed.replace(" OR ", " | "), "fields": ["body"]}}
    plain["simple_query_string"]["default_operator"] = "and"
    server, index = client(ASKING), settings.ELASTICSEARCH_INDEX

    def ask() -> None:
        server.search(index=index, query=plain, size=TOP, source=False, track_total_hits=True)

    return ask


if __name__ == "__main__":
    assert current()
    main()
