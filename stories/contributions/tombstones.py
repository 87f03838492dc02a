"""What is left of a story that was taken back: nothing of it, only that it is gone.

A tombstone lets its old address answer 410, and the journal (a file outside the database and
outside its backups) lets a restored backup be told what must not come back.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone


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
    append({"reference": reference, "path_hash": path_hash, "epoch": epoch})
    tombstone, _ = Tombstone.objects.update_or_create(
        reference=reference, defaults={"path_hash": path_hash, "epoch": epoch}
    )
    return tombstone


def is_gone(path: str) -> bool:
    """Whether a story that was taken back stood at this path."""
    return Tombstone.objects.filter(path_hash=hash_path(path)).exists()


def append(entry: dict) -> None:
    """Add one line, chained to the line before it by an HMAC, and on disk before this returns."""
    journal = Path(settings.JOURNAL_PATH)
    journal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with journal.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read().splitlines()
        before = json.loads(lines[-1])["mac"] if lines else ""
        entry = entry | {"time": timezone.now().isoformat(), "number": len(lines) + 1}
        entry["mac"] = _mac(before, entry)
        file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _mac(before: str, entry: dict) -> str:
    key = f"journal:{settings.SECRET_KEY}".encode()
    text = before + json.dumps(entry, sort_keys=True)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def read_journal() -> Iterator[dict]:
    """Every entry in order. Raises ValueError with the line's number where the chain is broken."""
    journal = Path(settings.JOURNAL_PATH)
    before = ""
    if not journal.exists():
        return
    for number, line in enumerate(journal.read_bytes().splitlines(), start=1):
        entry = json.loads(line)
        mac = entry.pop("mac")
        if entry["number"] != number or not hmac.compare_digest(mac, _mac(before, entry)):
            raise ValueError(f"The journal was changed at line {number}.")
        before = mac
        yield entry
