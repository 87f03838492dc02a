"""Titles to offer for the words typed so far."""

from __future__ import annotations

from search.engines import Engine
from search.engines.rows import Visible, among
from search.folding import fold

# Looked at together, before more are.
BATCH = 20


def titles(words: list[str], engine: Engine, visible: Visible, limit: int) -> list[str]:
    """At most so many titles of visible documents, those that begin with the words first."""
    start = fold(" ".join(words))
    found = engine.titles(words)
    found.sort(key=lambda each: (not fold(each[1]).startswith(start), each[1]))
    seen: dict[str, None] = {}
    for at in range(0, len(found), BATCH):
        batch = found[at : at + BATCH]
        allowed = among(visible, [key for key, _ in batch])
        seen |= {title: None for key, title in batch if key in allowed}
        if len(seen) >= limit:
            break
    return list(seen)[:limit]
