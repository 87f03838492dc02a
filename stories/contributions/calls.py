"""Calls and letters: what staff did for somebody who could not press the button."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution


class Call(models.Model):
    """A call or letter that paused a story at once. Who it was is checked afterwards."""

    class Method(models.TextChoices):
        TELEPHONE = "telephone", _("a call")
        PAPER = "paper", _("a letter")
        VERBAL = "verbal", _("in person")

    class Identity(models.TextChoices):
        UNCHECKED = "unchecked", _("not checked yet")
        CONFIRMED = "confirmed", _("it is the contributor")
        REFUTED = "refuted", _("it is not the contributor")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="calls")
    method = models.CharField(max_length=10, choices=Method.choices)
    identity = models.CharField(max_length=10, choices=Identity.choices, default=Identity.UNCHECKED)
    # How it was checked, never what was said.
    how_checked = models.CharField(max_length=120, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.get_identity_display()}"
