"""What a visitor asks of a list of stories, read from an address and written as one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stories.pages.facets import FACETS, WITHOUT, Words

BEST, NEWEST, SHORTEST, LONGEST = "best", "newest", "shortest", "longest"
SORTS = {BEST: _("Best match"), NEWEST: _("Newest"), SHORTEST: _("Shortest"), LONGEST: _("Longest")}
MOST_DIGITS = 9  # of a page's number


@dataclass(frozen=True)
class Asked:
    """query: what was typed. chosen: {facet, or WITHOUT: values}, known ones only."""

    query: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = NEWEST
    page: int = 1

    @property
    def usual_sort(self) -> str:
        return BEST if self.query else NEWEST

    @property
    def sorts(self) -> dict[str, str]:
        """{name: label} of the orders that make sense here."""
        return {name: str(label) for name, label in SORTS.items() if self.query or name != BEST}

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen.values())

    @property
    def is_usual(self) -> bool:
        """Nothing chosen and in the usual order: a page that others may be led to."""
        return not self.is_narrowed and self.sort == self.usual_sort

    @property
    def beside(self) -> list[tuple[str, str]]:
        """The fields that a form for the rest of the facets carries along."""
        beside = {"q", "kind", "sort"}
        return [(name, value) for name, value in self.at(1).fields() if name in beside]

    @property
    def but_words(self) -> list[tuple[str, str]]:
        """The fields that a form for other words carries along."""
        return [(name, value) for name, value in self.at(1).fields() if name != "q"]

    def fields(self) -> list[tuple[str, str]]:
        """The address's fields, always in this order; what is as usual is not said."""
        fields = [("q", self.query)] if self.query else []
        for name in [*FACETS, WITHOUT]:
            fields += [(name, value) for value in self.chosen.get(name, ())]
        if self.sort != self.usual_sort:
            fields.append(("sort", self.sort))
        if self.page > 1:
            fields.append(("page", str(self.page)))
        return fields

    @property
    def address(self) -> str:
        """?and what follows; "?" alone where nothing is asked, which a browser takes for none."""
        return f"?{urlencode(self.fields())}"

    def at(self, page: int) -> Asked:
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> Asked:
        return replace(self, sort=sort, page=1)

    def looking_for(self, query: str) -> Asked:
        return replace(self, query=query, page=1)

    def turned(self, name: str, value: str) -> Asked:
        """The same with a value taken away, or put beside the others."""
        had = self.chosen.get(name, ())
        values = tuple(each for each in had if each != value) if value in had else (*had, value)
        return replace(self, chosen=self.chosen | {name: values}, page=1)

    def cleared(self, *names: str) -> Asked:
        """The same with nothing chosen under these names, or under none at all."""
        kept = {name: values for name, values in self.chosen.items() if name not in names}
        return replace(self, chosen=kept if names else {}, page=1)


def read(params: QueryDict, words: Words) -> Asked:
    """What an address asks. Whatever is unknown in it is passed over; nothing in it raises."""
    query = params.get("q", "").strip()
    chosen = {
        name: tuple(_known(params.getlist(name), words.labels[name])) for name in [*FACETS, WITHOUT]
    }
    asked = Asked(query, {name: values for name, values in chosen.items() if values})
    sort = params.get("sort", "")
    asked = replace(asked, sort=sort if sort in asked.sorts else asked.usual_sort)
    typed = params.get("page", "")
    if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS:
        asked = replace(asked, page=max(1, int(typed)))
    return asked


def _known(typed: list[str], labels: Collection[str]) -> list[str]:
    """In the vocabulary's order, so that one choice has one address."""
    return [value for value in labels if value in set(typed)]
