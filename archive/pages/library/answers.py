"""A page of the library that answers what was asked, with counts of what else there is.

The library holds hundreds of things, not millions: all of them are read, and counted here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F
from django.http import QueryDict

from archive.pages.languages import open_to_all, shown_once
from archive.pages.library import asked as asking
from archive.pages.library.asked import FACETS, Asked
from archive.pages.library.models import ResourcePage, for_shelf
from archive.pages.library.words import LibraryWord
from search import api as search
from stories.consent.vocabulary import Term
from stories.pages.facets import Facet, Option

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """What is looked through and counted of one thing. `page` is ready to be shown."""

    page: ResourcePage

    @cached_property
    def values(self) -> dict[str, frozenset[str]]:
        """{facet: its values}."""
        return {
            "type": frozenset({self.page.kind.slug}),
            "subject": frozenset(subject.slug for subject in self.page.subjects.all()),
            "audience": frozenset(audience.slug for audience in self.page.audiences.all()),
            "year": frozenset({str(self.page.year)} if self.page.year else ()),
        }

    @cached_property
    def text(self) -> str:
        page = self.page
        subjects = " ".join(subject.label for subject in page.subjects.all())
        said = [page.title, page.summary, page.kind.label, page.made_by, subjects, page.all_words]
        return " ".join(said)

    def misses(self, chosen: Mapping[str, Iterable[str]]) -> set[str]:
        """The facets in which something is chosen that it does not have."""
        return {name for name, values in chosen.items() if self.values[name].isdisjoint(values)}


@dataclass(frozen=True)
class Answer:
    """asked: what was understood, with the number of the page that this is. total: things in all.
    resources: this page's. unnarrowed: how many there would be with nothing chosen."""

    asked: Asked
    total: int
    pages: int
    resources: list[ResourcePage] = field(default_factory=list)
    facets: dict[str, Facet] = field(default_factory=dict)
    unnarrowed: int = 0

    @property
    def kinds(self) -> Facet:
        return self.facets["type"]

    @property
    def to_choose(self) -> list[Facet]:
        """The facets that give a choice, in their order; what it is apart."""
        return [each for name, each in self.facets.items() if name != "type" and each.helps]

    @property
    def chosen(self) -> list[tuple[str, Option]]:
        """(facet's name, value) of all that is chosen, but for the kinds, in their order."""
        facets = [each for each in self.facets.values() if each is not self.kinds]
        return [(each.name, option) for each in facets for option in each.chosen]


def answer(params: QueryDict, page_size: int) -> Answer:
    """?q= words, each of which begins a word of what is found; the facets' names, each as often as
    liked; ?page=, of which one too high is the last. Unknown values are passed over."""
    rows = rows_of_all()
    labels = labels_of(rows)
    asked = asking.read(params, labels)
    if asked.query:
        rows = matching(rows, asked.query)
    found = [row.page for row in rows if not row.misses(asked.chosen)]
    pages = max(1, -(-len(found) // page_size))
    asked = asked.at(min(asked.page, pages))
    start = (asked.page - 1) * page_size
    return Answer(
        asked=asked,
        total=len(found),
        pages=pages,
        resources=found[start : start + page_size],
        facets=counted(rows, asked.chosen, labels),
        unnarrowed=len(rows),
    )


def rows_of_all() -> list[Row]:
    """Everything that is public, the newest first."""
    pages = for_shelf(shown_once(open_to_all(ResourcePage.objects.all())))
    pages = pages.prefetch_related("audiences")
    return [Row(page) for page in pages.order_by(F("year").desc(nulls_last=True), "title")]


def labels_of(rows: Iterable[Row]) -> Labels:
    """{facet: {value: label}} in the order in which they are shown."""
    words = list(LibraryWord.objects.all())
    years = sorted({row.page.year for row in rows if row.page.year}, reverse=True)
    named = {
        scheme: {word.slug: word.label for word in words if word.scheme == scheme}
        for scheme in LibraryWord.Scheme
    }
    subjects = Term.objects.filter(scheme=Term.Scheme.THEME)
    return {
        "type": named[LibraryWord.Scheme.KIND],
        "subject": {term.slug: term.label for term in subjects},
        "audience": named[LibraryWord.Scheme.AUDIENCE],
        "year": {str(year): str(year) for year in years},
    }


def matching(rows: list[Row], query: str) -> list[Row]:
    """Those with every word of a query, or a longer word that begins with it; titles first."""
    # Who asks for posters means one poster too.
    starts = [re.sub(r"(?<=\w\w\w)s$", "", word) for word in search.fold_words(query).split()]
    if not starts:
        return []

    def begun(text: str) -> bool:
        words = search.fold_words(text).split()
        return all(any(word.startswith(start) for word in words) for start in starts)

    found = [row for row in rows if begun(row.text)]
    return sorted(found, key=lambda row: not begun(row.page.title))


def counted(
    rows: Iterable[Row], chosen: Mapping[str, Iterable[str]], labels: Labels
) -> dict[str, Facet]:
    """{name: facet}. Each leaves its own choice out: what one more of its values would bring."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    of: Counter[str] = Counter()
    for row in rows:
        misses = row.misses(chosen)
        for name, counter in counts.items():
            if misses <= {name}:
                of[name] += 1
                counter.update(row.values[name])
    return {
        name: Facet(
            name,
            str(FACETS[name]),
            [
                Option(value, label, counter[value], value in chosen.get(name, ()))
                for value, label in labels[name].items()
                if counter[value] or value in chosen.get(name, ())
            ],
            of[name],
        )
        for name, counter in counts.items()
    }
