"""Controlled words (themes, content notes and the like), as rows an editor can extend."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """One controlled word. `slug` never changes; `public_label` is what people read."""

    class Scheme(models.TextChoices):
        THEME = "theme", _("theme")
        CONTENT_NOTE = "content_note", _("content note")
        HOW_IT_GOES = "how_it_goes", _("how it goes")
        PERSPECTIVE = "perspective", _("whose view it is")

    scheme = models.CharField(max_length=14, choices=Scheme.choices)
    slug = models.SlugField(max_length=60)
    public_label = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["scheme", "order", "public_label"]
        constraints = [models.UniqueConstraint(fields=["scheme", "slug"], name="one_term_a_slug")]

    def __str__(self) -> str:
        return self.public_label

    @property
    def label(self) -> str:
        return self.public_label


def terms(scheme: str, slugs: list[str]) -> list[Term]:
    """The terms with these slugs, in the vocabulary's order; unknown slugs are left out."""
    return list(Term.objects.filter(scheme=scheme, slug__in=slugs))


def family(theme: str) -> list[str]:
    """The slugs of a theme and of those below it; of an unknown one only itself."""
    return families([theme])[theme]


def families(themes: Iterable[str]) -> dict[str, list[str]]:
    """{a theme's slug: its family()}, by one query."""
    found = {theme: [theme] for theme in themes}
    if found:
        below = Term.objects.filter(scheme=Term.Scheme.THEME, parent__slug__in=found)
        for theme, slug in below.values_list("parent__slug", "slug"):
            found[theme].append(slug)
    return found
