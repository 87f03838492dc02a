"""Counts beside the filters of a list of stories."""

from __future__ import annotations

from collections import Counter

from stories.consent.vocabulary import Term, terms
from stories.contributions.versions import StoryVersion


def counted_kinds(stories) -> list[tuple[str, str, int]]:
    """(slug, label, count) of each way to take a story in, those with none left out."""
    counts = Counter(stories.order_by().values_list("version__kind", flat=True))
    kinds = StoryVersion.Kind.choices
    return [(slug, label, counts[slug]) for slug, label in kinds if counts[slug]]


def counted_themes(stories) -> list[tuple[str, str, int]]:
    """(slug, label, count) of each theme that some story has."""
    counts = Counter(
        slug
        for slugs in stories.order_by().values_list("version__themes", flat=True)
        for slug in slugs
    )
    found = terms(Term.Scheme.THEME, list(counts))
    return [(term.slug, term.public_label, counts[term.slug]) for term in found]
