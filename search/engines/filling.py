"""Which engines may hold words, and how far the filling of one has come.

One that was stopped goes on where it was: all up to the noted id is there, and whatever was decided
since then has reached the engine by itself.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from datetime import timedelta

from django.utils import timezone

from search.documents import Document
from search.models import DocumentText, FilledEngine

# Seconds between two notes: at most so much work is done again.
PAUSE = 1.0
# At most so many documents, or passages in them, are written at once: others write in between.
MOST_DOCUMENTS = 50
MOST_PASSAGES = 500
# After that the words may be cut by other rules, and it begins anew.
GOES_ON_FOR = timedelta(hours=24)

Batch = list[tuple[Document, int]]


def may_hold_words(name: str) -> bool:
    """Whether an engine was handed documents and not emptied since. Asks no server."""
    if name == "sqlite":
        return DocumentText.objects.exists()
    return FilledEngine.objects.filter(engine=name).exists()


def note(name: str, index: str = "", after: str = "") -> None:
    """`after`: the last id that is done of a filling that goes on; "" when none does."""
    FilledEngine.objects.update_or_create(engine=name, defaults={"index": index, "after": after})


def stopped(name: str) -> FilledEngine | None:
    """The note of a filling that has not come to its end, if it can go on."""
    lately = timezone.now() - GOES_ON_FOR
    return FilledEngine.objects.filter(engine=name, at__gte=lately).exclude(after="").first()


def noted(
    name: str, index: str, documents: Iterable[tuple[Document, int]]
) -> Generator[Batch, None, None]:
    """All of them, some at a time, noting now and then, and when it is stopped, which was the last
    to be done."""
    last, at = "", time.monotonic()
    try:
        for batch in _batches(documents):
            yield batch
            last = batch[-1][0].id
            if time.monotonic() - at > PAUSE:
                _reached(name, index, last)
                at = time.monotonic()
    finally:
        if last:
            _reached(name, index, last)


def _batches(documents: Iterable[tuple[Document, int]]) -> Iterator[Batch]:
    batch: Batch = []
    passages = 0
    for document, version in documents:
        batch.append((document, version))
        passages += len(document.passages)
        if len(batch) >= MOST_DOCUMENTS or passages >= MOST_PASSAGES:
            yield batch
            batch, passages = [], 0
    if batch:
        yield batch


def _reached(name: str, index: str, last: str) -> None:
    """Not if another filling has begun meanwhile."""
    FilledEngine.objects.filter(engine=name, index=index).update(after=last, at=timezone.now())
