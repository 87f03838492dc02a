"""What an address asks of any list: words, values to narrow it by, and a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.http import QueryDict

MOST_DIGITS = 9  # of a page's number


@dataclass(frozen=True)
class Addressed:
    """query: what was typed. chosen: {name of NAMES: values}, known ones only."""

    NAMES: ClassVar[tuple[str, ...]] = ()

    query: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    def fields(self) -> list[tuple[str, str]]:
        """The address's fields, always in this order; what is as usual is not said."""
        fields = [("q", self.query)] if self.query else []
        fields += [(name, value) for name in self.NAMES for value in self.chosen.get(name, ())]
        return [*fields, *self.further(), *([("page", str(self.page))] if self.page > 1 else [])]

    def further(self) -> list[tuple[str, str]]:
        """Fields of the one list, before the page's number."""
        return []

    @property
    def but_words(self) -> list[tuple[str, str]]:
        """The fields that a form for other words carries along."""
        return [(name, value) for name, value in self.at(1).fields() if name != "q"]

    @property
    def address(self) -> str:
        """?and what follows; "?" alone, which a browser takes for none, where nothing is asked."""
        return f"?{urlencode(self.fields())}"

    def at(self, page: int) -> Self:
        return replace(self, page=page)

    def turned(self, name: str, value: str) -> Self:
        """The same with a value taken away, or put beside the others."""
        had = self.chosen.get(name, ())
        values = tuple(each for each in had if each != value) if value in had else (*had, value)
        return replace(self, chosen=self.chosen | {name: values}, page=1)

    def cleared(self, *names: str) -> Self:
        """The same with nothing chosen under these names, or under none at all."""
        kept = {name: values for name, values in self.chosen.items() if name not in names}
        return replace(self, chosen=kept if names else {}, page=1)


def chosen_in(
    params: QueryDict, names: Iterable[str], known: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """The known values under these names. They come in their own order, so that one choice has one
    address; unknown ones are passed over."""
    chosen = {}
    for name in names:
        typed = set(params.getlist(name))
        if values := tuple(value for value in known[name] if value in typed):
            chosen[name] = values
    return chosen


def page_in(params: QueryDict) -> int:
    """The page that is asked for, from 1; 1 for whatever is no number."""
    typed = params.get("page", "")
    known = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS
    return max(1, int(typed)) if known else 1
