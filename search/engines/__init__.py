"""The engines behind the door: each stores documents and compiles the same tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from search.documents import Document
from search.engines.filling import may_hold_words
from search.engines.rows import Due
from search.query import And
from search.results import Hit, Matches, Results

# Where each SEARCH_ENGINE lives: a module with a function engine() that gives an Engine.
ENGINES = {"sqlite": "search.engines.sqlite", "elasticsearch": "search.engines.elastic"}


class Engine(Protocol):
    """What search.api asks of an engine. The meanings stand there; tests/search holds them."""

    def put(self, document: Document, version: int) -> bool: ...

    def hide(self, document_id: str, version: int) -> None: ...

    def remove(self, document_id: str, version: int) -> None: ...

    def scrub(self, due: Due, *, last: bool) -> bool:
        """`due`: the documents with deleted words. last: note that they are gone everywhere."""
        ...

    def remnants(self, document_id: str) -> list[str]: ...

    def find(
        self, tree: And, *, visible: QuerySet, limit: int, offset: int, moments: int
    ) -> Results: ...

    def matching(self, tree: And, *, visible: QuerySet) -> Matches: ...

    def hits(
        self, matches: Matches, ids: Sequence[str], *, visible: QuerySet, moments: int
    ) -> list[Hit]: ...

    def holders(self, words: Sequence[str], *, visible: QuerySet) -> dict[str, int]:
        """How many visible documents hold each of some whole, folded words; none for those that
        no document holds."""
        ...

    def titles(self, words: list[str]) -> list[tuple[str, str]]:
        """(id, title) of some documents, of those whose row is LIVE, with all of these words in
        their title, the last perhaps begun. Whether they are visible is asked afterwards: to
        ask it of all documents takes longer than the rest."""
        ...

    def said(self, words: list[str]) -> list[tuple[str, str]]:
        """(id, text) of some passages, of documents whose row is LIVE, that may have these words
        side by side, the last perhaps begun. Whether they are visible is asked afterwards."""
        ...

    def rebuild(self, documents: Iterable[tuple[Document, int]], *, after: str) -> int: ...

    def stopped_after(self) -> str: ...

    def prepare(self) -> bool: ...

    def problem(self) -> str: ...

    def stored_texts(self) -> Iterator[tuple[str, str]]: ...

    def copy(self, document: Document, version: int) -> bool:
        """Keep up with the engine in force: nothing is written unless its row is LIVE at this
        version, nor is the row. A second time changes nothing."""
        ...

    def drop(self, document_id: str) -> None:
        """The words of a document that may not be found leave this engine; its row stays."""
        ...

    def let_go(self) -> None:
        """Every word leaves this engine, which is not in force."""
        ...

    def keys(self) -> Iterator[str]:
        """The ids of all documents with words, hidden ones too."""
        ...

    def kept(self, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
        """(version, digest of all words) of those documents of which it has whole words."""
        ...

    def digest(self, document: Document) -> str:
        """What kept() says of a document when it is stored as it is."""
        ...


def current() -> Engine:
    """The engine of settings.SEARCH_ENGINE. Raises ImproperlyConfigured for an unknown name."""
    return _engine(settings.SEARCH_ENGINE)


def named(name: str) -> Engine:
    """An engine, in force or not; "" for the one in force. Raises ImproperlyConfigured."""
    return _engine(name or settings.SEARCH_ENGINE)


def beside() -> list[Engine]:
    """Engines that are not in force and may hold words: what is decided has to reach them too."""
    others = (name for name in ENGINES if name != settings.SEARCH_ENGINE)
    return [_engine(name) for name in others if may_hold_words(name)]


@cache
def _engine(name: str) -> Engine:
    if name not in ENGINES:
        raise ImproperlyConfigured(f"SEARCH_ENGINE should be one of: {', '.join(ENGINES)}.")
    make: Callable[[], Engine] = import_module(ENGINES[name]).engine
    return make()
