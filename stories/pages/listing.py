"""Counts beside the filters of a list of stories."""

from __future__ import annotations

from collections import Counter

from stories.consent.vocabulary import Term
from stories.contributions.versions import StoryVersion


def counted_kinds(stories) -> list[tuple[str, str, int]]:
    """(slug, label, count) of each way to take a story in, those with none left out."""
    kinds = StoryVersion.Kind.choices
    counts = [(slug, label, stories.of_kind(slug).count()) for slug, label in kinds]
    return [row for row in counts if row[2]]


def counted_themes(stories, chosen: str = "") -> list[tuple[str, str, int]]:
    """(slug, label, count) of each wide theme that some story has, and of the `chosen` one.

    A story counts once for a wide theme, whether it has that or some below it.
    """
    named = {term.slug: term for term in Term.objects.filter(scheme=Term.Scheme.THEME)}
    above = {term.pk: term for term in named.values()}
    counts: Counter[str] = Counter()
    for slugs in stories.order_by().values_list("version__themes", flat=True):
        terms = [named[slug] for slug in slugs if slug in named]
        wide = {above[term.parent_id].slug if term.parent_id else term.slug for term in terms}
        counts.update(wide | ({chosen} & set(slugs)))
    shown = [term for term in named.values() if counts[term.slug]]
    return [(term.slug, term.public_label, counts[term.slug]) for term in shown]
