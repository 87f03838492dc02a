"""Rows of this room: a recording, what was made of it, the work on it, its words."""

from __future__ import annotations

import uuid

from django.db import models

from media_pipeline.incoming.models import IncomingFile, IncomingPart

__all__ = [
    "IncomingFile",
    "IncomingPart",
    "MediaAsset",
    "MediaJob",
    "Rendition",
    "TranscriptCue",
]


class MediaAsset(models.Model):
    """One recording as it was sent. Knows no story and not the file's name.

    `voice` and `face` are what is wished for everything that is made from it (wishes.py).
    """

    class By(models.TextChoices):
        MACHINE = "machine"
        ASSUMED = "assumed"  # of a language: the model knows only this one
        PERSON = "person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=[("video", "video"), ("audio", "sound")])
    container = models.CharField(max_length=16)
    original = models.CharField(max_length=200)  # name in storages["originals"]
    # Under whose key. Empty: it came before originals were sealed, and lies there as it was sent.
    sealed_for = models.UUIDField(null=True, db_index=True, editable=False)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of what was sent, not of what is kept
    seconds = models.FloatField()
    has_picture = models.BooleanField()
    has_sound = models.BooleanField()
    voice = models.CharField(max_length=9, default="own")
    face = models.CharField(max_length=9, default="as_is")
    disguised = models.CharField(max_length=200, blank=True)  # beside the original, if wished for
    disguise_note = models.CharField(max_length=20, blank=True)  # what staff have to look at
    loudness_sent = models.FloatField(null=True)  # LUFS, of what is shown; empty for silence
    loudness_made = models.FloatField(null=True)
    # What is spoken in it: an ISO 639 code, who says so, and how sure a machine was (0 to 1).
    language = models.CharField(max_length=12, blank=True)
    language_by = models.CharField(max_length=8, choices=By, blank=True)
    language_probability = models.FloatField(null=True)
    words_by = models.CharField(max_length=8, choices=By, blank=True)
    words_note = models.CharField(max_length=200, blank=True)  # for staff: why there are none
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Rendition(models.Model):
    """One thing made from a recording. Closed until released, and never released unless clean."""

    asset = models.ForeignKey(MediaAsset, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=40)
    content_type = models.CharField(max_length=60)
    stored = models.CharField(max_length=200, blank=True)  # in storages["renditions"], or:
    text = models.TextField(blank=True)  # playlists and captions
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    seconds = models.FloatField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    hls = models.JSONField(default=dict)  # what the master playlist says of it
    voice = models.CharField(max_length=9, blank=True)  # as it was made; empty: there is none in it
    face = models.CharField(max_length=9, blank=True)
    proven_clean = models.BooleanField(default=False)
    released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "name"], name="one_rendition_a_name"),
            models.CheckConstraint(
                condition=models.Q(released=False) | models.Q(proven_clean=True),
                name="only_clean_renditions_are_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.asset_id}"


class MediaJob(models.Model):
    """One stage of work on one recording. This row is the truth; the queue is only a bell."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"  # the recording itself is at fault: trying again cannot help
        DEAD = "dead"  # every attempt went wrong
        CANCELLED = "cancelled"

    asset = models.ForeignKey(MediaAsset, on_delete=models.CASCADE, related_name="jobs")
    stage = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    lease_expires = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    progress = models.FloatField(default=0)  # 0 to 1
    input_hash = models.CharField(max_length=64)
    profile_hash = models.CharField(max_length=64)
    problem = models.CharField(max_length=300, blank=True)  # a sentence for people
    log_tail = models.TextField(blank=True)  # for staff; no file names

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "stage"], name="one_job_a_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.asset_id}: {self.state}"


class TranscriptCue(models.Model):
    """A line or two of what is said, and when each word begins and ends."""

    asset = models.ForeignKey(MediaAsset, on_delete=models.CASCADE, related_name="cues")
    number = models.PositiveIntegerField()
    start = models.FloatField()  # seconds
    end = models.FloatField()
    text = models.TextField()
    speaker = models.CharField(max_length=80, blank=True)  # as a person wrote it
    words = models.JSONField(default=list)  # [start, end, text, probability] each

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="one_cue_a_number"),
        ]

    def __str__(self) -> str:
        return f"cue {self.number} of {self.asset_id}"
