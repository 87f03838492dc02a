"""Reading all of an index, some documents at a time."""

from __future__ import annotations

from collections.abc import Iterator

from search.engines.elastic_client import WRITING, client, in_our_words

PAGE = 50


def pages(name: str, source: bool = True) -> Iterator[list[dict]]:
    """Every document that has words, with the server's own version of it, by rising id.

    source: with all that is stored of it.

    What is written meanwhile may be among them or not. Raises SearchAway.
    """
    with in_our_words():
        client(WRITING).indices.refresh(index=name)
    after: list | None = None
    while True:
        with in_our_words():
            answer = client(WRITING).search(
                index=name,
                query={"exists": {"field": "key"}},
                sort=[{"key": "asc"}],
                source=source,
                search_after=after,
                size=PAGE,
                version=True,
                track_total_hits=False,
            )
        hits = answer["hits"]["hits"]
        if not hits:
            return
        yield hits
        after = hits[-1]["sort"]
