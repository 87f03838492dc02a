"""The embedded engine: SQLite FTS5 in the site's own database file.

Writing is here; finding in sqlite_find.py, and making deleted words leave the file in scrub.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import QuerySet

from search.documents import Document, body
from search.engines import filling, fts5, rows, sqlite_check, sqlite_find
from search.engines.rows import State
from search.engines.scrub import WAITING, scrub
from search.models import DocumentPassage, DocumentText, FilledEngine, IndexedDocument
from search.query import And
from search.results import Hit, Matches, Results

NAME = "sqlite"


def engine() -> SQLiteEngine:
    """Raises ImproperlyConfigured where the database is not SQLite."""
    if connection.vendor != "sqlite":
        raise ImproperlyConfigured("SEARCH_ENGINE=sqlite needs the site's database to be SQLite.")
    return SQLiteEngine()


class SQLiteEngine:
    """See search.api for what each method promises."""

    @transaction.atomic
    def put(self, document: Document, version: int) -> bool:
        row = rows.row_of(document.id)
        if rows.refuses(row, version):
            return False
        if row is None:
            forget_orphans()
            row = IndexedDocument(key=document.id)
        elif _delete_words(row.pk):
            row.scrub_due = True
        row.version, row.state = version, State.LIVE
        row.save()
        _insert_words(row.pk, document)
        return True

    def hide(self, document_id: str, version: int) -> None:
        rows.hide(document_id, version)

    @transaction.atomic
    def remove(self, document_id: str, version: int) -> None:
        row = rows.row_of(document_id)
        if row is None:
            IndexedDocument.objects.create(key=document_id, version=version, state=State.REMOVED)
            return
        # Only a newer put outlives a late removal. A hidden document loses nothing by it: what
        # opens it again brings all of its words.
        if row.state == State.LIVE and row.version > version:
            return
        if _delete_words(row.pk):
            row.scrub_due = True
        row.version, row.state = max(row.version, version), State.REMOVED
        row.save(force_update=True)

    def scrub(self, due: rows.Due, *, last: bool) -> bool:
        return scrub(connection, due, last=last)

    def remnants(self, document_id: str) -> list[str]:
        row = rows.row_of(document_id)
        if row is None:
            return []
        found = []
        if DocumentText.objects.filter(document=row).exists():
            found.append("search: the text of the document")
        if passages := DocumentPassage.objects.filter(document=row).count():
            found.append(f"search: {passages} passages")
        for table in fts5.CONTENT:
            first, last = fts5.rows_of(table, row.pk)
            with connection.cursor() as cursor:
                # FTS5 keeps one row here for each row that it has indexed.
                cursor.execute(
                    f"SELECT count(*) FROM {table}_docsize "  # noqa: S608 - names of our own
                    "WHERE id BETWEEN %s AND %s",
                    [first, last],
                )
                if number := cursor.fetchone()[0]:
                    found.append(f"search: {number} rows of the index {table}")
        if row.scrub_due:
            found.append(WAITING)
        return found

    def find(
        self, tree: And, *, visible: QuerySet, limit: int, offset: int, moments: int
    ) -> Results:
        return sqlite_find.find(tree, visible, limit, offset, moments)

    def matching(self, tree: And, *, visible: QuerySet) -> Matches:
        return sqlite_find.matching(tree, visible)

    def hits(
        self, matches: Matches, ids: Sequence[str], *, visible: QuerySet, moments: int
    ) -> list[Hit]:
        return sqlite_find.hits(matches, ids, visible, moments)

    def holders(self, words: Sequence[str], *, visible: QuerySet) -> dict[str, int]:
        return sqlite_find.holders(words, visible)

    def titles(self, words: list[str]) -> list[tuple[str, str]]:
        return sqlite_find.titles(words)

    def said(self, words: list[str]) -> list[tuple[str, str]]:
        return sqlite_find.said(words)

    def rebuild(self, documents: Iterable[tuple[Document, int]], *, after: str) -> int:
        put = self.put if settings.SEARCH_ENGINE == NAME else self.copy
        filling.note(NAME, after=after)
        with closing(filling.noted(NAME, "", documents)) as noted:
            number = sum(put(document, version) for batch in noted for document, version in batch)
        filling.note(NAME)
        return number

    def stopped_after(self) -> str:
        stopped = filling.stopped(NAME)
        return stopped.after if stopped else ""

    def prepare(self) -> bool:
        """The migrations made it all."""
        return False

    def problem(self) -> str:
        return ""

    def stored_texts(self) -> Iterator[tuple[str, str]]:
        texts = DocumentText.objects.values_list(
            "document__key", "title", "people", "tags", "summary", "body"
        )
        for key, *fields in texts.iterator():
            yield from ((key, field) for field in fields)
        yield from DocumentPassage.objects.values_list("document__key", "text").iterator()

    @transaction.atomic
    def copy(self, document: Document, version: int) -> bool:
        row = rows.row_of(document.id)
        if row is None or (row.version, row.state) != (version, State.LIVE):
            return False
        if _delete_words(row.pk):
            rows.are_due([document.id])
        _insert_words(row.pk, document)
        return True

    @transaction.atomic
    def drop(self, document_id: str) -> None:
        row = rows.row_of(document_id)
        if row is not None and row.state != State.LIVE and _delete_words(row.pk):
            rows.are_due([document_id])

    def let_go(self) -> None:
        for pk, key in IndexedDocument.objects.exclude(text=None).values_list("pk", "key"):
            with transaction.atomic():
                if _delete_words(pk):
                    rows.are_due([key])
        FilledEngine.objects.filter(engine=NAME).delete()

    def keys(self) -> Iterator[str]:
        return sqlite_check.keys()

    def kept(self, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
        return sqlite_check.kept(keys)

    def digest(self, document: Document) -> str:
        return sqlite_check.digest(document)


def forget_orphans() -> None:
    """Empty the full-text tables when the tables that they index were emptied past us.

    `manage.py flush` knows models only; what it leaves in an index would be words of nobody.
    """
    if IndexedDocument.objects.exists():
        return
    with connection.cursor() as cursor:
        for table in fts5.CONTENT:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608


def _insert_words(document_pk: int, document: Document) -> None:
    DocumentText.objects.create(
        document_id=document_pk,
        title=document.title,
        people=document.people,
        tags=document.tags,
        summary=document.summary,
        body=body(document.passages),
    )
    first, _ = fts5.rows_of(fts5.PASSAGES, document_pk)
    DocumentPassage.objects.bulk_create(
        (
            DocumentPassage(
                id=first + number,
                document_id=document_pk,
                kind=passage.kind,
                place=passage.place,
                text=passage.text,
                offsets=passage.offsets,
                speakers=passage.speakers,
            )
            for number, passage in enumerate(document.passages)
        ),
        batch_size=500,
    )
    with connection.cursor() as cursor:
        for table in fts5.CONTENT:
            cursor.execute(fts5.insert_sql(table), fts5.rows_of(table, document_pk))


def _delete_words(document_pk: int) -> bool:
    """Take a document's words out of index and tables. False if there were none."""
    text, passage = DocumentText._meta.db_table, DocumentPassage._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {text} WHERE document_id = %s", [document_pk])  # noqa: S608
        if not cursor.fetchone():
            return False
        # Freed space is overwritten, whatever this SQLite was built to do by itself.
        cursor.execute("PRAGMA secure_delete = ON")
        for table in fts5.CONTENT:
            cursor.execute(fts5.delete_sql(table), fts5.rows_of(table, document_pk))
        for table in (passage, text):
            cursor.execute(f"DELETE FROM {table} WHERE document_id = %s", [document_pk])  # noqa: S608
    return True
