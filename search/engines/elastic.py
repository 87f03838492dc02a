"""The engine for scale: Elasticsearch. The database's rows still decide what may be found.

A row is LIVE only at a version that the server has acknowledged, and only that version is asked
for (elastic_find.py). Writes carry their version to the server too, where an older one never wins.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from elasticsearch import NotFoundError

from search.documents import Document
from search.engines import (
    elastic_check,
    elastic_find,
    elastic_index,
    elastic_scrub,
    elastic_write,
    filling,
    rows,
)
from search.engines.elastic_client import ASKING, client, in_our_words
from search.engines.elastic_mapping import (
    TOMBSTONE,
    as_stored,
    put_number,
    tombstone_number,
)
from search.engines.elastic_pages import pages
from search.engines.elastic_scrub import AWAY, WAITING
from search.engines.rows import State
from search.models import FilledEngine, IndexedDocument
from search.problems import RESTING, SearchAway
from search.query import And
from search.results import Hit, Matches, Results

log = logging.getLogger(__name__)
NAME = "elasticsearch"
AHEAD = (
    "The search index knows a later version of a document than the database, as after a restored "
    "backup: run manage.py rebuild_search --anew."
)


def engine() -> ElasticEngine:
    return ElasticEngine()


class ElasticEngine:
    """See search.api for what each method promises."""

    def put(self, document: Document, version: int) -> bool:
        return self._put(document, version)

    def _put(self, document: Document, version: int, *, only: str = "", new: bool = False) -> bool:
        """`new`: into an index that is being filled; what another one knows is no matter then.
        `only`: the alias of the one index that has not got it yet."""
        row = rows.row_of(document.id)
        if rows.refuses(row, version):
            return False
        had_words = row is not None and row.state != State.REMOVED
        source, number = as_stored(document, version), put_number(version)
        written = elastic_write.write(document.id, source, number, only=only)
        if written.refused and not new:
            if rows.refuses(rows.row_of(document.id), version):
                return False
            raise SearchAway(AHEAD)
        if not _make_live(document.id, version, scrub_due=had_words and written.replaced):
            # Somebody decided while it was under way. Ours may have been the later write.
            self._bury(document.id, version, words_were_there=True)
            return False
        # An index that was begun meanwhile was filled from before this, or not at all.
        elastic_write.write(document.id, source, number, written, only=only)
        return True

    def hide(self, document_id: str, version: int) -> None:
        rows.hide(document_id, version)

    def remove(self, document_id: str, version: int) -> None:
        self._bury(document_id, version, words_were_there=bool(_holders(document_id)))

    def _bury(self, document_id: str, version: int, *, words_were_there: bool) -> None:
        """Overwrite with a tombstone, then say so in the row. A newer put stays as it is."""
        row = rows.row_of(document_id)
        if row is not None:
            if row.state == State.LIVE and row.version > version:
                return
            version = max(version, row.version)
        number = tombstone_number(version)
        written = elastic_write.write(document_id, TOMBSTONE, number)
        if not _make_removed(document_id, version, scrub_due=words_were_there):
            return  # a newer put came meanwhile
        elastic_write.write(document_id, TOMBSTONE, number, written)

    def scrub(self, due: rows.Due, *, last: bool) -> bool:
        return elastic_scrub.scrub(due, last=last)

    def remnants(self, document_id: str) -> list[str]:
        """Without asking the server where the row is sure: a deciding transaction waits for it."""
        row = rows.row_of(document_id)
        if row is not None and row.state == State.LIVE:
            found = ["search: the text of the document"]
        else:
            try:
                names = _holders(document_id)
                found = ["search: the text of the document"] if names else []
            except SearchAway:
                found = [AWAY]
        return [*found, WAITING] if row is not None and row.scrub_due else found

    def find(
        self, tree: And, *, visible: QuerySet, limit: int, offset: int, moments: int
    ) -> Results:
        try:
            return elastic_find.find(tree, visible, limit, offset, moments)
        except SearchAway as away:
            log.warning("A search could not be run. %s", away)
            return Results(problem=str(RESTING), resting=True)

    def matching(self, tree: And, *, visible: QuerySet) -> Matches:
        try:
            return elastic_find.matching(tree, visible)
        except SearchAway as away:
            log.warning("A search could not be run. %s", away)
            return Matches(problem=str(RESTING), resting=True)

    def hits(
        self, matches: Matches, ids: Sequence[str], *, visible: QuerySet, moments: int
    ) -> list[Hit]:
        return elastic_find.hits(matches, ids, visible, moments)

    def holders(self, words: Sequence[str], *, visible: QuerySet) -> dict[str, int]:
        try:
            return elastic_find.holders(words, visible)
        except SearchAway:
            return {}

    def titles(self, words: list[str]) -> list[tuple[str, str]]:
        try:
            return elastic_find.titles(words)
        except SearchAway:
            return []

    def said(self, words: list[str]) -> list[tuple[str, str]]:
        try:
            return elastic_find.said(words)
        except SearchAway:
            return []

    def rebuild(self, documents: Iterable[tuple[Document, int]], *, after: str) -> int:
        """Into a new index, which takes over at the end. Until then all is found in the old one.

        One that was stopped, or cut off from the server, leaves it there to be gone on with.
        """
        self.prepare()
        fresh = elastic_index.being_filled() if after else elastic_index.begin()
        if fresh is None:
            raise SearchAway(elastic_index.OVERTAKEN)
        filling.note(NAME, fresh.name, after)
        try:
            with closing(filling.noted(NAME, fresh.name, documents)) as noted:
                number = sum(self._fill(batch) for batch in noted)
            elastic_index.take_over(fresh)
        except SearchAway:
            raise
        except Exception:
            elastic_index.give_up(fresh)
            raise
        filling.note(NAME)
        return number

    def stopped_after(self) -> str:
        stopped = filling.stopped(NAME)
        index = elastic_index.being_filled() if stopped else None
        return stopped.after if stopped and index and index.name == stopped.index else ""

    def _fill(self, batch: filling.Batch) -> int:
        """Those that nobody decides about anew in one request, the others each by itself."""
        in_force = settings.SEARCH_ENGINE == NAME
        known = rows.rows_of(document.id for document, _ in batch)
        easy, others = {}, []
        for document, version in batch:
            row = known.get(document.id)
            as_it_was = row and (row.version, row.state) == (version, State.LIVE)
            if as_it_was or (in_force and not row):
                easy[document.id] = (document, version)
            else:
                others.append((document, version))
        number = self._fill_many(easy) if easy else 0
        return number + sum(self._fill_one(*each) for each in others)

    def _fill_many(self, documents: dict[str, tuple[Document, int]]) -> int:
        taken = elastic_write.write_many(
            elastic_index.following(),
            {
                key: (as_stored(document, version), put_number(version))
                for key, (document, version) in documents.items()
            },
        )
        written = {key: documents[key][1] for key in taken}
        if settings.SEARCH_ENGINE == NAME:
            rows.add_live(written)
        rows.are_due(key for key, replaced in taken.items() if replaced)
        live = rows.live_among(written)
        for key in written.keys() - live:
            # Somebody decided while it was under way. Ours may have been the later write.
            if settings.SEARCH_ENGINE != NAME:
                self.drop(key)
            elif _make_live(key, written[key], scrub_due=False):
                live.add(key)
            else:
                self._bury(key, written[key], words_were_there=True)
        lost = [each for key, each in documents.items() if key not in taken]
        return len(live) + sum(self._fill_one(*each) for each in lost)

    def _fill_one(self, document: Document, version: int) -> bool:
        """Into the old index too, if an earlier version of it is found there."""
        if settings.SEARCH_ENGINE != NAME:
            return self._copy(document, version, only=elastic_index.following())
        row = rows.row_of(document.id)
        earlier = row is not None and row.state == State.LIVE and row.version != version
        only = "" if earlier else elastic_index.following()
        return self._put(document, version, only=only, new=True)

    def prepare(self) -> bool:
        made = elastic_index.prepare()
        FilledEngine.objects.get_or_create(engine=NAME)
        return made

    def problem(self) -> str:
        return elastic_index.problem()

    def stored_texts(self) -> Iterator[tuple[str, str]]:
        for index in elastic_index.indexes():
            for hits in pages(index.name):
                for hit in hits:
                    yield from ((hit["_id"], text) for text in _texts(hit["_source"]))

    def copy(self, document: Document, version: int) -> bool:
        return self._copy(document, version)

    def _copy(self, document: Document, version: int, *, only: str = "") -> bool:
        if not rows.is_live(document.id, version):
            return False
        source, number = as_stored(document, version), put_number(version)
        written = elastic_write.write(document.id, source, number, only=only)
        if written.replaced:
            rows.are_due([document.id])
        if not rows.is_live(document.id, version):
            # Somebody decided while it was under way. Ours may have been the later write.
            self.drop(document.id)
            return False
        elastic_write.write(document.id, source, number, written, only=only)
        return True

    def drop(self, document_id: str) -> None:
        row = rows.row_of(document_id)
        if row is None or row.state == State.LIVE:
            return
        words_were_there = bool(_holders(document_id))
        elastic_write.write(document_id, TOMBSTONE, tombstone_number(row.version))
        if words_were_there:
            rows.are_due([document_id])

    def let_go(self) -> None:
        elastic_index.delete_all()
        FilledEngine.objects.filter(engine=NAME).delete()

    def keys(self) -> Iterator[str]:
        return elastic_check.keys()

    def kept(self, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
        return elastic_check.kept(keys)

    def digest(self, document: Document) -> str:
        return elastic_check.digest(document)


def _make_live(key: str, version: int, *, scrub_due: bool) -> bool:
    """False when a later decision is in the row."""
    values: dict = {"version": version, "state": State.LIVE}
    if scrub_due:
        values["scrub_due"] = True
    earlier = Q(version__lt=version) | Q(version=version, state=State.LIVE)
    return _save(key, earlier, values)


def _make_removed(key: str, version: int, *, scrub_due: bool) -> bool:
    """False when a newer put is in the row."""
    values: dict = {"version": version, "state": State.REMOVED}
    if scrub_due:
        values["scrub_due"] = True
    return _save(key, Q(version__lte=version), values)


def _save(key: str, condition: Q, values: dict) -> bool:
    """One conditional update, or the first row of this key."""
    row = IndexedDocument.objects.filter(condition, key=key)
    if row.update(**values):
        return True
    if IndexedDocument.objects.filter(key=key).exists():
        return False
    try:
        with transaction.atomic():
            IndexedDocument.objects.create(key=key, **values)
    except IntegrityError:
        return bool(row.update(**values))  # it came just now
    return True


def _holders(document_id: str) -> list[str]:
    """The indexes that hold words of a document at this moment, seen by a search or not.

    Raises SearchAway.
    """
    found = []
    for index in elastic_index.indexes():
        with in_our_words():
            try:
                answer = client(ASKING).get(
                    index=index.name, id=document_id, source_includes=["key"]
                )
            except NotFoundError:
                continue
        if answer["_source"]:
            found.append(index.name)
    return found


def _texts(value: object) -> Iterator[str]:
    """Every text in what is stored."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
