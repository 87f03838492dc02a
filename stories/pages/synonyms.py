"""Other words for the same thing, as rows an editor can extend: what search finds as well."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from search import api as search


class SynonymGroup(models.Model):
    """Words that mean the same to somebody who searches."""

    forms = models.TextField(
        "words",
        help_text=_(
            "One to a line, such as CPN and community psychiatric nurse. Who looks for one "
            "of them finds all of them, unless they put it in “quotes”. Add only what people use "
            "for the very same thing."
        ),
    )

    panels = [FieldPanel("forms")]

    class Meta:
        verbose_name = _("group of words")
        verbose_name_plural = _("other words for it")
        ordering = ["forms"]

    def __str__(self) -> str:
        return " = ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.forms.splitlines() if line.strip()]

    def clean(self) -> None:
        if trouble := search.synonyms_trouble(self.lines):
            raise ValidationError({"forms": trouble})


def synonyms() -> search.Synonyms:
    """Those of the list as it is now."""
    return search.Synonyms(group.lines for group in SynonymGroup.objects.all())
