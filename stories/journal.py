"""The journal: one file of lines that is in no database and in no backup of one.

A restored backup does not know what was decided after it was made. The journal does: what was
taken back, what rests, and the head of the consent records. It holds keys and numbers only,
nothing of a story. Each line is chained to the one before it by an HMAC (RFC 2104, SHA-256).
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

TAIL_BYTES = 64 * 1024  # far more than the longest line


class JournalChanged(ValueError):
    """A line of the journal is not as it was written; the message names it."""


def append(entry: dict) -> None:
    """Add one line, on disk before this returns. `entry` says its "kind" and holds no content."""
    path = Path(settings.JOURNAL_PATH)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last_line(file)
        entry = entry | {"time": timezone.now().isoformat(), "number": last.get("number", 0) + 1}
        entry["mac"] = _mac(last.get("mac", ""), entry)
        file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _last_line(file: IO[bytes]) -> dict:
    """The newest whole line. A line that a crash broke off is taken away: it was never promised."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    file.truncate(size - len(tail) + len(whole))
    lines = whole.splitlines()
    return json.loads(lines[-1]) if lines else {}


def _mac(before: str, entry: dict) -> str:
    key = f"journal:{settings.SECRET_KEY}".encode()
    text = before + json.dumps(entry, sort_keys=True)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def read(*kinds: str) -> Iterator[dict]:
    """Entries in order, of these kinds or of all. Raises JournalChanged with the line's number."""
    path = Path(settings.JOURNAL_PATH)
    if not path.exists():
        return
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)  # else the last line could be half written
        lines = file.readlines()  # and not while somebody looks at what we yield
    before = ""
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            mac = entry.pop("mac")
        except (ValueError, KeyError) as error:
            raise JournalChanged(f"The journal was changed at line {number}.") from error
        if entry["number"] != number or not hmac.compare_digest(mac, _mac(before, entry)):
            raise JournalChanged(f"The journal was changed at line {number}.")
        before = mac
        if not kinds or entry.get("kind", "withdrawn") in kinds:
            yield entry
