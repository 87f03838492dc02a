"""What a list of stories can be narrowed by, and how many stories there are under each.

One query reads a few columns of every story that may be listed at this moment. All counts come
from these rows, so that none of them can tell of a story that is closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.consent.vocabulary import Term
from stories.contributions.languages import NAMES
from stories.contributions.versions import StoryVersion
from stories.pages.queries import StoryQuerySet

READING_WORDS_A_MINUTE = 200
# Up to so many minutes, and how that is said.
LENGTHS = (
    ("short", 5, _("Under 5 minutes")),
    ("middle", 15, _("5 to 15 minutes")),
    ("long", float("inf"), _("15 minutes or more")),
)
# Their names, in addresses too, and how they are headed.
FACETS = {
    "kind": _("Ways to take them in"),
    "theme": _("What they are about"),
    "goes": _("How it goes"),
    "view": _("Whose view it is"),
    "length": _("How long they are"),
    "language": _("Language"),
    "year": _("Shared in"),
}
WITHOUT = "without"

# {facet: the values that were chosen}: any one of a facet will do, but one of each facet.
Chosen = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Row:
    """What is counted of one story. `minutes` to take it in, in the way that is open now."""

    pk: int
    reference: str
    kind: str
    themes: frozenset[str]
    notes: frozenset[str]
    goes: str
    view: str
    language: str
    minutes: float
    shared: datetime

    @property
    def length(self) -> str:
        return next(name for name, most, _ in LENGTHS if self.minutes < most)

    @cached_property
    def year(self) -> str:
        return str(timezone.localtime(self.shared).year)


@dataclass(frozen=True)
class Option:
    """One value of a facet.

    count: the stories there are with it and all that is chosen in the other facets; of a content
    note, those that carry it. under: the value that it belongs below, or "".
    """

    value: str
    label: str
    count: int
    chosen: bool
    under: str = ""


@dataclass(frozen=True)
class Facet:
    """of: how many stories its counts are of."""

    name: str
    label: str
    options: list[Option]
    of: int

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]

    @property
    def families(self) -> list[tuple[Option, list[Option]]]:
        """Each value that stands by itself, with those below it."""
        shown = {option.value for option in self.options}
        return [
            (option, [below for below in self.options if below.under == option.value])
            for option in self.options
            if option.under not in shown
        ]

    @property
    def helps(self) -> bool:
        """Whether anything in it is a choice: to ask for what all have changes nothing."""
        return any(option.chosen or option.count < self.of for option in self.options)


def rows_of(stories: StoryQuerySet) -> list[Row]:
    """What is to be counted of these stories, the newest first. One query."""
    columns = (
        stories.with_kind()
        .newest()
        .values_list(
            "pk",
            "contribution__reference",
            "kind_now",
            "version__themes",
            "version__content_notes",
            "version__how_it_goes",
            "version__perspective",
            "version__language",
            "version__seconds",
            "version__word_count",
            "contribution__published_at",
        )
    )
    rows = []
    for pk, reference, kind, themes, notes, goes, view, language, seconds, words, shared in columns:
        read = kind == StoryVersion.Kind.READ
        minutes = words / READING_WORDS_A_MINUTE if read else seconds / 60
        named = frozenset(themes), frozenset(notes)
        rows.append(Row(pk, reference, kind, *named, goes, view, language, minutes, shared))
    return rows


class Words:
    """The labels of all values in the order in which they are shown: what the vocabulary holds,
    and of languages and years those that some of these stories have. One query."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        terms = list(Term.objects.all())

        def named(scheme: str) -> dict[str, str]:
            return {term.slug: term.public_label for term in terms if term.scheme == scheme}

        themes = {term.pk: term for term in terms if term.scheme == Term.Scheme.THEME}
        languages = {row.language: language_label(row.language) for row in rows if row.language}
        years = sorted({row.year for row in rows}, reverse=True)
        self.above = {
            term.slug: themes[term.parent_id].slug
            for term in themes.values()
            if term.parent_id in themes
        }
        self.labels: dict[str, dict[str, str]] = {
            "kind": {value: str(label) for value, label in StoryVersion.Kind.choices},
            "theme": named(Term.Scheme.THEME),
            "goes": named(Term.Scheme.HOW_IT_GOES),
            "view": named(Term.Scheme.PERSPECTIVE),
            "length": {name: str(label) for name, _minutes, label in LENGTHS},
            "language": dict(sorted(languages.items(), key=lambda item: item[1])),
            "year": {year: year for year in years},
            WITHOUT: named(Term.Scheme.CONTENT_NOTE),
        }

    def values(self, name: str, row: Row) -> frozenset[str]:
        """A story's values of a facet. A narrow theme counts for the wide one above it too."""
        if name == "theme":
            return row.themes | {self.above[slug] for slug in row.themes if slug in self.above}
        return row.notes if name == WITHOUT else frozenset({getattr(row, name)})


def narrowed(rows: Iterable[Row], chosen: Chosen, words: Words) -> list[Row]:
    """The stories that fit all that is chosen, in their order."""
    return [row for row in rows if not _misses(row, chosen, words)]


def counted(rows: Iterable[Row], chosen: Chosen, words: Words) -> dict[str, Facet]:
    """{name: facet} of the stories, WITHOUT among them; values that none has only where chosen.

    Each leaves its own choice out, so that its counts say what one more of its values would bring.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in [*FACETS, WITHOUT]}
    of: Counter[str] = Counter()
    for row in rows:
        misses = _misses(row, chosen, words)
        for name, counter in counts.items():
            if misses <= {name}:
                of[name] += 1
                counter.update(words.values(name, row))
    labels = FACETS | {WITHOUT: gettext("Leave out stories with content notes about")}
    return {
        name: Facet(
            name, str(labels[name]), _options(name, counter, chosen.get(name, ()), words), of[name]
        )
        for name, counter in counts.items()
    }


def _misses(row: Row, chosen: Chosen, words: Words) -> set[str]:
    """The names under which something is chosen that does not fit a story."""
    return {
        name
        for name, values in chosen.items()
        if values and words.values(name, row).isdisjoint(values) is (name != WITHOUT)
    }


def _options(
    name: str, counts: Counter[str], chosen: Collection[str], words: Words
) -> list[Option]:
    under = words.above if name == "theme" else {}
    return [
        Option(value, label, counts[value], value in chosen, under.get(value, ""))
        for value, label in words.labels[name].items()
        if counts[value] or value in chosen
    ]


def language_label(code: str) -> str:
    """A language's name in plain words: "en-GB" is English."""
    base = code.split("-")[0].lower()
    if base in NAMES:
        return str(NAMES[base])
    if base in media.BY_HAND:
        return media.BY_HAND[base]
    try:
        return get_language_info(base)["name_translated"]
    except KeyError:
        return code
