"""How the index is laid out, and a document in it.

Texts are folded before they are sent (search/folding.py), so all that is left to the server is to
cut at spaces and to stem; the same then on every distribution of it. Each text has a sub-field
`whole` without stems: a stem is no beginning of its word.
"""

from __future__ import annotations

import hashlib
import json

from search.documents import MAX_PASSAGES, Document, body
from search.folding import fold_words

# To be set by an evaluation, as those of FTS5 (fts5.py).
WEIGHTS = {"title": 10, "people": 6, "tags": 6, "summary": 3, "body": 1}
# Characters of a title that can be suggested.
LONGEST_SUGGESTED = 1_000
# All that matches is given in one answer, ids and scores alone, up to so many documents. Each
# further one would bring the ids of all that may be found to the server again.
WINDOW = 100_000

_TEXT = {
    "type": "text",
    "analyzer": "stems",
    "fields": {"whole": {"type": "text", "analyzer": "whitespace"}},
}
_STEMS = {"type": "custom", "tokenizer": "standard", "filter": ["porter_stem"]}
# Given back as it was sent, and not looked into by the server.
_SHOWN = {"type": "object", "enabled": False}

SETTINGS = {
    "number_of_shards": 1,  # some hundred thousand passages each are nothing to it
    "auto_expand_replicas": "0-1",  # a copy as soon as there is a second server to hold it
    "analysis": {
        "analyzer": {
            "stems": {"type": "custom", "tokenizer": "standard", "filter": ["porter_stem"]}
        }
    },
    "mapping": {"nested_objects": {"limit": MAX_PASSAGES}},
    "max_result_window": WINDOW,
    # Else a segment keeps its deleted words until a tenth of it is deleted (elastic_scrub.py).
    "merge": {"policy": {"expunge_deletes_allowed": 0}},
}
PROPERTIES = {
    "key": {"type": "keyword"},
    # Id and version in one: what is asked for is this version of it and no other.
    "stamp": {"type": "keyword"},
    "whole_title": {"type": "keyword", "ignore_above": LONGEST_SUGGESTED},
    "title": _TEXT,
    "people": _TEXT,
    "tags": _TEXT,
    "summary": _TEXT,
    # All passages in one, so that a phrase that runs over a cut is found.
    "body": _TEXT,
    "shown": _SHOWN,
    # `text` for the moments; `shown` is what they are made of.
    "passages": {"type": "nested", "properties": {"text": _TEXT, "shown": _SHOWN}},
}
FINGERPRINT = hashlib.sha256(
    json.dumps([SETTINGS, PROPERTIES], sort_keys=True).encode()
).hexdigest()[:16]
# Strict: a field that the index does not know is an index of another version of this program.
MAPPING = {"dynamic": "strict", "_meta": {"fingerprint": FINGERPRINT}, "properties": PROPERTIES}

# What stays under the id of a removed document.
TOMBSTONE: dict = {}


def stamp(key: str, version: int) -> str:
    return f"{key}@{version}"


# The same of a row of search_indexeddocument, for a database.
STAMP = "key || '@' || version"


def key_of(stamp: str) -> str:
    return stamp.rpartition("@")[0]


def as_stored(document: Document, version: int) -> dict:
    """The document as the index holds it."""
    return {
        "key": document.id,
        "stamp": stamp(document.id, version),
        "whole_title": document.title,
        "title": fold_words(document.title),
        "people": fold_words(document.people),
        "tags": fold_words(document.tags),
        "summary": fold_words(document.summary),
        "body": fold_words(body(document.passages)),
        "shown": {"title": document.title, "summary": document.summary},
        "passages": [
            {
                "text": fold_words(passage.text),
                "shown": {
                    "kind": passage.kind,
                    "place": passage.place,
                    "offsets": passage.offsets,
                    "text": passage.text,
                }
                # Left out where nobody is named, as in every text that was put before they were.
                | ({"speakers": passage.speakers} if passage.speakers else {}),
            }
            for passage in document.passages
        ],
    }


def put_number(version: int) -> int:
    """The server's own version for a put. Between two puts is room for the tombstone, so that the
    same version can be written again and can't come back once it was removed."""
    return 2 * version


def tombstone_number(version: int) -> int:
    return 2 * version + 1
