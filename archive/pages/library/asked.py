"""What a visitor asks of the library, read from an address and written as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stories.pages.addressed import Addressed, chosen_in, page_in

# Their names, in addresses too, and how they are headed.
FACETS = {
    "type": _("What it is"),
    "subject": _("What it is about"),
    "audience": _("Who it is for"),
    "year": _("Came out in"),
}
MOST_LETTERS = 200


@dataclass(frozen=True)
class Asked(Addressed):
    """query: what was typed. chosen: {facet: values}, known ones only."""

    NAMES: ClassVar = tuple(FACETS)

    @property
    def is_usual(self) -> bool:
        """All there is, from the start: the one list that others may be led to."""
        return not self.query and not any(self.chosen.values()) and self.page == 1

    @property
    def wordless(self) -> Asked:
        """The same with no words looked for."""
        return replace(self, query="", page=1)


def read(params: QueryDict, labels: Mapping[str, Mapping[str, str]]) -> Asked:
    """What is asked for, of the values that there are: `labels` holds {facet: {value: label}}."""
    query = " ".join(params.get("q", "").split())[:MOST_LETTERS]
    return Asked(query, chosen_in(params, FACETS, labels), page_in(params))
