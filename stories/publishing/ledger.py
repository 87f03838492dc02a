"""The withdrawal ledger: one row for each thing to close, and one for each copy outside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution


class Closing(models.Model):
    """One thing of ours that has to go, as a step's remnants named it when it was taken back."""

    class State(models.TextChoices):
        OPEN = "open", _("to be closed")
        DONE = "done", _("gone")
        FAILED = "failed", _("to be tried again")

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="closings"
    )
    step = models.CharField(max_length=30)
    thing = models.CharField(max_length=200, help_text=_("Never with a word of the story."))
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True)
    listed_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contribution", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "step", "thing"], name="one_row_a_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}, {self.thing}: {self.state}"


class OutsideCopy(models.Model):
    """A copy that others may hold: named, asked for, followed up by a person.

    It says where, never what: the reference is all that joins it to the story.
    """

    class Kind(models.TextChoices):
        PODCAST = "podcast", _("podcast apps")
        WEB_ARCHIVE = "web_archive", _("web archives")
        SEARCH_CACHE = "search_cache", _("search engines")
        SHARED = "shared", _("shared on social media")
        PARTNER = "partner", _("a partner")
        EXPORT = "export", _("an export")

    class State(models.TextChoices):
        TO_ASK = "to_ask", _("to be asked for")
        ASKED = "asked", _("asked for")
        GONE = "gone", _("said to be gone")
        OUT_OF_REACH = "out_of_reach", _("can't be recalled")

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="outside_copies"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    holder = models.CharField(max_length=120, help_text=_("Who holds it, by name."))
    state = models.CharField(max_length=12, choices=State.choices, default=State.TO_ASK)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True, help_text=_("Never a word of the story."))
    listed_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["contribution", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "holder"], name="one_row_a_holder"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.state}"


class Manifest(models.Model):
    """What verification looks for, destroyed MANIFEST_DAYS after a clean scan (`clean_at`).

    `data`, hashes being those of publishing/scan/fingerprint.py:
    "shingles": [hash of eight words in a row]; "phrases": [[how many words, hash of the last, hash
    of all]] of shorter texts and the e-mail address; "names": the same of people's names; "whole":
    [hash] of names of one word and titles of up to three; "files": [hash of a SHA-256]; "stored":
    [the stores' random names]; "assets": [the pipeline's ids].
    """

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="manifest"
    )
    data = models.JSONField(default=dict)
    written_at = models.DateTimeField(default=timezone.now)
    scanned_at = models.DateTimeField(null=True, blank=True)
    clean_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.contribution}, written {self.written_at:%Y-%m-%d}"


class Export(models.Model):
    """Stories that were handed out: to whom, when, which. So that a copy can be asked back."""

    recipient = models.CharField(max_length=120)
    purpose = models.SlugField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    contributions = models.ManyToManyField(Contribution, related_name="exports")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.made_at:%Y-%m-%d}"
