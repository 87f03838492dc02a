"""What the search server holds, to be compared with what it should."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from search.documents import Document
from search.engines.elastic_client import WRITING, client, in_our_words
from search.engines.elastic_index import current
from search.engines.elastic_mapping import as_stored, put_number
from search.engines.elastic_pages import pages


def keys() -> Iterator[str]:
    """The ids of all documents with words, by rising id. Raises SearchAway."""
    for hits in pages(current(), source=False):
        yield from (hit["_id"] for hit in hits)


def kept(wanted: Sequence[str]) -> dict[str, tuple[int, str]]:
    """(version, digest) of those with words, as the stamp says. Raises SearchAway."""
    if not wanted:
        return {}
    with in_our_words():
        answer = client(WRITING).mget(index=current(), ids=list(wanted))
    found = {}
    for each in answer["docs"]:
        if source := each.get("_source"):
            version = int(source["stamp"].rpartition("@")[2])
            # What the server itself counts must agree, or the next write would be refused.
            agrees = each["_version"] == put_number(version)
            found[each["_id"]] = version, _digest(source) if agrees else ""
    return found


def digest(document: Document) -> str:
    # The version is told apart, by kept().
    return _digest(as_stored(document, 0))


def _digest(source: dict) -> str:
    words = {name: value for name, value in source.items() if name != "stamp"}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
