"""Who to call. Dated entries, looked after by an editor."""

from __future__ import annotations

from django.db import models


class HelpLine(models.Model):
    """A line that answers now. `checked_on` says when somebody last made sure."""

    name = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    hours = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    checked_on = models.DateField()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def tel(self) -> str:
        """The number as a telephone dials it."""
        return "".join(character for character in self.number if character.isdigit())
