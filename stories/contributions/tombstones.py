"""What is left of a story that was taken back: nothing of it, only that it is gone.

A tombstone lets its old address answer 410, and its line in the journal lets a restored backup
be told what must not come back.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.db import models
from django.utils import timezone

from stories import journal


class Tombstone(models.Model):
    """Content-free. `path_hash` is keyed: the table does not give away what the address said."""

    reference = models.CharField(max_length=12, unique=True)
    path_hash = models.CharField(max_length=64, db_index=True, blank=True)
    epoch = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reference


def story_path(slug: str) -> str:
    """The address of a story below the site's root."""
    return f"stories/{slug}"


def hash_path(path: str) -> str:
    key = f"tombstones:{settings.SECRET_KEY}".encode()
    return hmac.new(key, path.strip("/").encode(), hashlib.sha256).hexdigest()


def bury(reference: str, path: str, epoch: int) -> Tombstone:
    """Write the journal, then the row: a row without a line could be lost in a restore."""
    path_hash = hash_path(path) if path else ""
    journal.append(
        {"kind": "withdrawn", "reference": reference, "path_hash": path_hash, "epoch": epoch}
    )
    tombstone, _ = Tombstone.objects.update_or_create(
        reference=reference, defaults={"path_hash": path_hash, "epoch": epoch}
    )
    return tombstone


def is_gone(path: str) -> bool:
    """Whether a story that was taken back stood at this path."""
    return Tombstone.objects.filter(path_hash=hash_path(path)).exists()
