"""Calls and letters: what staff did for somebody who could not press the button."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from stories.contributions.models import Contribution


class Call(models.Model):
    """A call or letter that paused a story at once. Who it was is checked afterwards."""

    class Method(models.TextChoices):
        TELEPHONE = "telephone", "a call"
        PAPER = "paper", "a letter"
        VERBAL = "verbal", "in person"

    class Identity(models.TextChoices):
        UNCHECKED = "unchecked", "not checked yet"
        CONFIRMED = "confirmed", "it is the contributor"
        REFUTED = "refuted", "it is not the contributor"

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
