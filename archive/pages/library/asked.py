"""What a visitor asks of the library, read from an address and written as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

# Their names, in addresses too, and how they are headed.
FACETS = {
    "type": _("What it is"),
    "subject": _("What it is about"),
    "audience": _("Who it is for"),
    "year": _("Came out in"),
}
MOST_LETTERS = 200
MOST_DIGITS = 9  # of a page's number


@dataclass(frozen=True)
class Asked:
    """query: what was typed. chosen: {facet: values}, known ones only."""

    query: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    @property
    def is_usual(self) -> bool:
        """All there is, from the start: the one list that others may be led to."""
        return not self.query and not any(self.chosen.values()) and self.page == 1

    @property
    def but_words(self) -> list[tuple[str, str]]:
        """The fields that a form for other words carries along."""
        return [(name, value) for name, value in self.at(1).fields() if name != "q"]

    def fields(self) -> list[tuple[str, str]]:
        """The address's fields, always in this order; what is as usual is not said."""
        fields = [("q", self.query)] if self.query else []
        fields += [(name, value) for name in FACETS for value in self.chosen.get(name, ())]
        return [*fields, ("page", str(self.page))] if self.page > 1 else fields

    @property
    def address(self) -> str:
        """?and what follows; "?" alone, which a browser takes for none, where nothing is asked."""
        return f"?{urlencode(self.fields())}"

    def at(self, page: int) -> Asked:
        return replace(self, page=page)

    @property
    def wordless(self) -> Asked:
        """The same with no words looked for."""
        return replace(self, query="", page=1)

    def turned(self, name: str, value: str) -> Asked:
        """The same with a value taken away, or put beside the others."""
        had = self.chosen.get(name, ())
        values = tuple(each for each in had if each != value) if value in had else (*had, value)
        return replace(self, chosen=self.chosen | {name: values}, page=1)

    def cleared(self, *names: str) -> Asked:
        """The same with nothing chosen under these names, or under none at all."""
        kept = {name: values for name, values in self.chosen.items() if name not in names}
        return replace(self, chosen=kept if names else {}, page=1)


def read(params: QueryDict, labels: Mapping[str, Mapping[str, str]]) -> Asked:
    """What is asked for, of the values that there are: `labels` holds {facet: {value: label}}.

    Unknown values are passed over; the known come in their own order, so that one choice has one
    address.
    """
    chosen = {}
    for name in FACETS:
        typed = set(params.getlist(name))
        if known := tuple(value for value in labels[name] if value in typed):
            chosen[name] = known
    page = params.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= MOST_DIGITS else 1
    return Asked(" ".join(params.get("q", "").split())[:MOST_LETTERS], chosen, max(1, number))
