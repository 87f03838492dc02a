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
from search.query import And
from search.results import Hit, Matches, Results

# Where each SEARCH_ENGINE lives: a module with a function engine() that gives an Engine.
ENGINES = {"sqlite": "search.engines.sqlite", "elasticsearch": "search.engines.elastic"}


class Engine(Protocol):
    """What search.api asks of an engine. The meanings stand there; tests/search holds them."""

    def put(self, document: Document, version: int) -> bool: ...

    def hide(self, document_id: str, version: int) -> None: ...

    def remove(self, document_id: str, version: int) -> None: ...

    def scrub(self) -> bool: ...

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

    def suggest(self, words: list[str], *, visible: QuerySet, limit: int) -> list[str]: ...

    def rebuild(self, documents: Iterable[tuple[Document, int]]) -> int: ...

    def prepare(self) -> bool: ...

    def problem(self) -> str: ...

    def stored_texts(self) -> Iterator[tuple[str, str]]: ...


def current() -> Engine:
    """The engine of settings.SEARCH_ENGINE. Raises ImproperlyConfigured for an unknown name."""
    return _engine(settings.SEARCH_ENGINE)


@cache
def _engine(name: str) -> Engine:
    if name not in ENGINES:
        raise ImproperlyConfigured(f"SEARCH_ENGINE should be one of: {', '.join(ENGINES)}.")
    make: Callable[[], Engine] = import_module(ENGINES[name]).engine
    return make()
