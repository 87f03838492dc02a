"""What kinds of things the library holds and whom they are for, as rows an editor can extend."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LibraryWord(models.Model):
    """One kind ("poster") or one audience ("families and friends"). `slug` never changes."""

    class Scheme(models.TextChoices):
        KIND = "kind", _("what it is")
        AUDIENCE = "audience", _("who it is for")

    scheme = models.CharField("says", max_length=8, choices=Scheme.choices)
    slug = models.SlugField(
        _("short name"),
        max_length=40,
        help_text=_("It stands in addresses, so please don't change it."),
    )
    label = models.CharField("word", max_length=60, help_text=_("As people read it: Poster."))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["scheme", "order", "label"]
        verbose_name = _("library word")
        constraints = [models.UniqueConstraint(fields=["scheme", "slug"], name="one_library_word")]

    def __str__(self) -> str:
        return self.label
