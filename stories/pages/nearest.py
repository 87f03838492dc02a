"""Themes to go on with, where a search has found nothing."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search import api as search
from stories.consent.vocabulary import Term
from stories.pages.models import StoryPage

MOST = 5
WORDS = Path(__file__).resolve().parents[1] / "data" / "theme_words.toml"


@dataclass(frozen=True)
class NearTheme:
    """A theme, and how many stories that may be found now tell of it or of one below it."""

    slug: str
    label: str
    count: int


def nearest_themes(typed: str) -> tuple[list[NearTheme], bool]:
    """At most five, and whether they are near to what was typed; else those most told of."""
    named = {term.slug: term for term in Term.objects.filter(scheme=Term.Scheme.THEME)}
    counts = _counts(named)
    told = [NearTheme(slug, named[slug].public_label, number) for slug, number in counts.items()]
    told.sort(key=lambda theme: (-theme.count, theme.label))
    near = [theme for theme in told if _is_near(theme, typed)]
    return (near or told)[:MOST], bool(near)


def _counts(named: dict[str, Term]) -> Counter[str]:
    """How many stories tell of each theme: once for a wide one, whatever they have below it."""
    above = {term.pk: term.slug for term in named.values()}
    counts: Counter[str] = Counter()
    for slugs in StoryPage.objects.listed().order_by().values_list("version__themes", flat=True):
        own = {slug for slug in slugs if slug in named}
        wide = {above[parent] for slug in own if (parent := named[slug].parent_id)}
        counts.update(own | wide)
    return counts


def _is_near(theme: NearTheme, typed: str) -> bool:
    words = _words().get(theme.slug)
    own = [word for word in theme.label.split() if len(word) > 3]
    return (words is not None and words.is_in(typed)) or search.WordList(own).is_in(typed)


@cache
def _words() -> dict[str, search.WordList]:
    listed = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {slug: search.WordList(entries) for slug, entries in listed.items()}
