"""What a visitor asks of a list of stories, read from an address and written as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stories.pages.addressed import Addressed, chosen_in, page_in
from stories.pages.facets import FACETS, WITHOUT, Words

BEST, NEWEST, SHORTEST, LONGEST = "best", "newest", "shortest", "longest"
SORTS = {BEST: _("Best match"), NEWEST: _("Newest"), SHORTEST: _("Shortest"), LONGEST: _("Longest")}


@dataclass(frozen=True)
class Asked(Addressed):
    """query: what was typed. chosen: {facet, or WITHOUT: values}, known ones only."""

    NAMES: ClassVar = (*FACETS, WITHOUT)

    sort: str = NEWEST

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

    def further(self) -> list[tuple[str, str]]:
        return [("sort", self.sort)] if self.sort != self.usual_sort else []

    def sorted_by(self, sort: str) -> Asked:
        return replace(self, sort=sort, page=1)

    def looking_for(self, query: str) -> Asked:
        return replace(self, query=query, page=1)


def read(params: QueryDict, words: Words) -> Asked:
    """What an address asks. Whatever is unknown in it is passed over; nothing in it raises."""
    chosen = chosen_in(params, Asked.NAMES, words.labels)
    asked = Asked(params.get("q", "").strip(), chosen, page_in(params))
    sort = params.get("sort", "")
    return replace(asked, sort=sort if sort in asked.sorts else asked.usual_sort)
