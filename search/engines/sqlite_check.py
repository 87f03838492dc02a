"""What the embedded engine holds, to be compared with what it should."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from django.db import connection

from search.documents import Document, body
from search.engines import fts5
from search.models import DocumentPassage, DocumentText, IndexedDocument


def keys() -> Iterator[str]:
    """The ids of all documents with words, by rising number."""
    return IndexedDocument.objects.exclude(text=None).values_list("key", flat=True).iterator()


def kept(wanted: Sequence[str]) -> dict[str, tuple[int, str]]:
    """(version, digest) of those that are whole: a text without its rows in each index is not."""
    found = {}
    rows = DocumentText.objects.filter(document__key__in=wanted).select_related("document")
    for text in rows:
        passages = DocumentPassage.objects.filter(document=text.document).order_by("pk")
        listed = list(passages.values_list("kind", "place", "text", "offsets", "speakers"))
        if _is_indexed(text.document.pk, len(listed)):
            fields = [text.title, text.people, text.tags, text.summary, text.body]
            found[text.document.key] = text.document.version, _digest(fields, listed)
    return found


def digest(document: Document) -> str:
    listed = [
        (each.kind, each.place, each.text, each.offsets, each.speakers)
        for each in document.passages
    ]
    fields = [document.title, document.people, document.tags, document.summary]
    return _digest([*fields, body(document.passages)], listed)


def _digest(fields: list[str], passages: list[tuple]) -> str:
    return hashlib.sha256(json.dumps([fields, passages]).encode()).hexdigest()


def _is_indexed(document_pk: int, passages: int) -> bool:
    """Whether each full-text table has all of a document's rows."""
    for table in fts5.CONTENT:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {table}_docsize WHERE id BETWEEN %s AND %s",  # noqa: S608
                fts5.rows_of(table, document_pk),
            )
            if cursor.fetchone()[0] != (passages if table == fts5.PASSAGES else 1):
                return False
    return True
