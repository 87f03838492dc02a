"""The exact version that a moderator approved and a contributor agreed to."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution

ENGLISH = "en-GB"
PICTURE_CHARACTERS = 2_000
FROZEN = (
    "number",
    "kind",
    "title",
    "summary",
    "words",
    "shown_name",
    "naming",
    "language",
    "themes",
    "content_notes",
    "noted_passages",
    "note_remark",
    "how_it_goes",
    "perspective",
    "asset_id",
    "renditions",
    "voice",
    "face",
    "cues_sha256",
    "chapters",
    "picture_in_words",
    "seconds",
    "word_count",
)


class NothingFrozen(LookupError):
    """The story has no version: it was never approved, or has been destroyed."""


def version_of(story: Contribution) -> StoryVersion:
    """The version in force: the newest that was agreed. Raises NothingFrozen."""
    version = story.versions.filter(agreed_at__isnull=False).last()
    if version is None:
        raise NothingFrozen
    return version


class StoryVersion(models.Model):
    """Frozen at approval: words, shown name, and hashes of the renditions. Never changed."""

    class Kind(models.TextChoices):
        READ = "read", _("Read")
        LISTEN = "listen", _("Listen")
        WATCH = "watch", _("Watch")

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True)
    words = models.TextField(blank=True)
    shown_name = models.CharField(max_length=100, blank=True)
    naming = models.CharField(
        max_length=8, blank=True, help_text=_('What the name is: "my_name" or "chosen".')
    )
    language = models.CharField(max_length=12, default=ENGLISH)
    themes = models.JSONField(default=list)
    content_notes = models.JSONField(default=list)
    noted_passages = models.JSONField(
        default=list,
        blank=True,
        help_text="Where the notes apply (noted.py): {note, start, end}, seconds or paragraphs.",
    )
    note_remark = models.CharField(
        max_length=120, blank=True, help_text=_("A short line of ours that goes with the notes.")
    )
    how_it_goes = models.SlugField(max_length=60, blank=True)
    perspective = models.SlugField(max_length=60, blank=True)
    asset_id = models.UUIDField(null=True, blank=True)
    renditions = models.JSONField(default=dict, help_text="{name: SHA-256}")
    voice = models.CharField(
        max_length=9,
        blank=True,
        help_text=_('What is heard: "own", "disguised", "spoken", or nothing.'),
    )
    face = models.CharField(
        max_length=9, blank=True, help_text=_('What is seen: "as_is", "blurred", or nothing.')
    )
    cues_sha256 = models.CharField(max_length=64, blank=True)
    chapters = models.JSONField(
        default=list, help_text='[{"start": seconds, "title": words}], in order.'
    )
    picture_in_words = models.TextField(
        blank=True,
        max_length=PICTURE_CHARACTERS,
        help_text=_("What the picture shows and nobody says, in words of ours."),
    )
    seconds = models.FloatField(default=0, help_text=_("Length of the recording."))
    word_count = models.PositiveIntegerField(default=0, help_text=_("Words there are to read."))
    sha256 = models.CharField(max_length=64, editable=False)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Words that a moderator left as they were sent were agreed at sending. Others wait.
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.contribution} version {self.number}"

    def save(self, *args, **kwargs) -> None:
        """Raises TypeError on a change."""
        if self.pk:
            raise TypeError("A story version is never changed. Freeze the next one.")
        self.sha256 = self.fingerprint()
        super().save(*args, **kwargs)

    @property
    def marks(self) -> list[tuple[float, str]]:
        """Chapters as (seconds, title), in order; empty for none."""
        return [(mark["start"], mark["title"]) for mark in self.chapters]

    def agree(self) -> None:
        """The contributor has looked at exactly this and said yes."""
        self.agreed_at = timezone.now()
        StoryVersion.objects.filter(pk=self.pk).update(agreed_at=self.agreed_at)

    def fingerprint(self) -> str:
        """SHA-256 of everything that is frozen, as JSON with sorted keys."""
        frozen = {name: getattr(self, name) for name in FROZEN}
        return hashlib.sha256(json.dumps(frozen, sort_keys=True, default=str).encode()).hexdigest()
