"""Whether an engine holds documents as they should be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.documents import Document, storable
from search.engines import Engine
from search.engines.rows import State
from search.models import IndexedDocument

MISSING = "is missing from the index"
KEPT_BACK = "was taken back from search by a decision that is none any more"
STALE = "is in the index as of another decision"
OTHER_WORDS = "is in the index with other words than it has"


@dataclass(frozen=True)
class Difference:
    """What is wrong with one document, in words for staff, and which version the index has."""

    problem: str
    version: int | None = None


def compare(documents: Sequence[tuple[Document, int]], engine: Engine) -> dict[str, Difference]:
    """See search.api.differences()."""
    ids = [document.id for document, _ in documents]
    kept = engine.kept(ids)
    rows = {row.key: row for row in IndexedDocument.objects.filter(key__in=ids)}
    found = {}
    for document, version in documents:
        held, digest = kept.get(document.id, (None, ""))
        row = rows.get(document.id)
        if row is not None and row.state != State.LIVE:
            found[document.id] = Difference(KEPT_BACK, row.version)
        elif row is None or held is None:
            found[document.id] = Difference(MISSING)
        elif not held == row.version == version:
            found[document.id] = Difference(STALE, held)
        elif digest != engine.digest(storable(document)):
            found[document.id] = Difference(OTHER_WORDS, held)
    return found
