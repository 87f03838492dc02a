"""The same text in what one would have without this room: an engine asked plainly.

Each is a function from what was typed to ids of recordings, best first. What an engine's own query
language would stumble over (quotation marks) is kept where that language means the same by it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable

from benchmarks.search.measures import TOP

Find = Callable[[str], list[str]]


def raw_fts5(documents: Iterable[tuple[str, str, str]]) -> Find:
    """FTS5 with its Porter stemmer over (id, title, text); all words wanted, as FTS5 has it."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE VIRTUAL TABLE it USING fts5(id UNINDEXED, title, body, tokenize='porter unicode61')"
    )
    base.executemany("INSERT INTO it VALUES (?, ?, ?)", documents)

    def find(typed: str) -> list[str]:
        words = " ".join(f'"{piece}"' for piece in re.findall(r'[^"\s]+|(?<=")[^"]+(?=")', typed))
        if typed.startswith('"'):
            words = f'"{typed.strip(chr(34))}"'
        rows = base.execute(
            "SELECT id FROM it WHERE it MATCH ? ORDER BY rank LIMIT ?", (words, TOP)
        )
        return [id_ for (id_,) in rows]

    return find


def raw_elasticsearch(documents: Iterable[tuple[str, str, str]]) -> tuple[Find, Callable]:
    """One `match` (a `match_phrase` for a phrase) over title and text in one field with the
    `english` analyzer; and what takes the index away."""
    from elasticsearch.helpers import bulk

    from search.engines.elastic_client import WRITING, client

    server, index = client(WRITING), "bench-plain"
    server.options(ignore_status=404).indices.delete(index=index)
    body = {"properties": {"body": {"type": "text", "analyzer": "english"}}}
    server.indices.create(index=index, mappings=body)
    bulk(
        server,
        (
            {"_index": index, "_id": id_, "body": f"{title}\n{text}"}
            for id_, title, text in documents
        ),
        refresh=True,
    )

    def find(typed: str) -> list[str]:
        kind = "match_phrase" if typed.startswith('"') else "match"
        asked = {kind: {"body": typed.strip('"')}}
        said = server.search(index=index, query=asked, size=TOP, source=False)
        return [hit["_id"] for hit in said["hits"]["hits"]]

    return find, lambda: server.indices.delete(index=index)


def wagtail(documents: Iterable[tuple[str, str, str]]) -> Find:
    """Wagtail's own search over an image's title, the one searched field of ours that an editor
    writes: here all of a recording's words, for SQLite holds no length against it
    (PostgreSQL does, and Wagtail's Elasticsearch is no part of the stack)."""
    from wagtail.search.backends import get_search_backend
    from wagtail.search.query import Phrase

    from archive.models import ArchiveImage

    known = {f"{id_}.png": (id_, f"{title} {text}") for id_, title, text in documents}
    ArchiveImage.objects.bulk_create(
        ArchiveImage(title=words, width=1, height=1, file=name)
        for name, (_, words) in known.items()
    )
    backend = get_search_backend()
    index, rows = backend.get_index_for_model(ArchiveImage), list(ArchiveImage.objects.all())
    for start in range(0, len(rows), 100):
        index.add_items(ArchiveImage, rows[start : start + 100])

    everything = ArchiveImage.objects.all()

    def find(typed: str) -> list[str]:
        asked = Phrase(typed.strip('"')) if typed.startswith('"') else typed
        return [known[row.file.name][0] for row in backend.search(asked, everything)[:TOP]]

    return find
