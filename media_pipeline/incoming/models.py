"""Rows of files that are on their way in. Each knows how much of it is safe, and nothing else."""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class IncomingFile(models.Model):
    """A file that arrives in pieces. This row is the truth: `offset` bytes are durably kept.

    `owner` is whose it is, `place` where it comes from: both as the caller tells them apart, and
    nothing that names a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.UUIDField(default=uuid.uuid4, editable=False)  # what it becomes
    owner = models.UUIDField(db_index=True, editable=False)
    place = models.CharField(max_length=64, db_index=True, editable=False)
    # Of a little of the content, made by the sender: tells that the same file was chosen again.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    length = models.PositiveBigIntegerField(help_text="Bytes.")
    # Nobody knows its length yet: `length` is how much of it may come so far.
    growing = models.BooleanField(default=False, editable=False)
    offset = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    stored = models.CharField(max_length=200, editable=False)  # name in storages["incoming"]
    # In a bucket: the upload in parts, what is too little for a part, and the next part's number.
    upload = models.TextField(blank=True, editable=False)
    tail = models.CharField(max_length=200, blank=True, editable=False)
    next_part = models.PositiveIntegerField(default=1, editable=False)
    # Who may write to it just now.
    token = models.UUIDField(null=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    problem = models.TextField(blank=True)  # why it was refused: a sentence
    created = models.DateTimeField(auto_now_add=True)
    touched = models.DateTimeField(default=timezone.now)  # when bytes of it last came

    def __str__(self) -> str:
        return f"{self.offset} of {self.length} bytes"

    def save(self, *args, **kwargs) -> None:
        self.stored = self.stored or new_name(self.id)
        super().save(*args, **kwargs)

    @property
    def expires(self) -> datetime.datetime:
        return self.touched + datetime.timedelta(days=settings.UNFINISHED_UPLOAD_DAYS)

    @property
    def is_complete(self) -> bool:
        return not self.growing and self.offset == self.length


class IncomingPart(models.Model):
    """A part that a bucket has taken. Only what is named here becomes part of the file."""

    file = models.ForeignKey(IncomingFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    etag = models.CharField(max_length=100)
    bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_part_a_number"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


def new_name(file_id: uuid.UUID) -> str:
    """A random name in the file's own folder: what lies in it is all there is."""
    return f"{file_id}/{secrets.token_hex(16)}"
