"""Where the bytes of a file on its way in are kept: a folder of this machine, or a bucket.

A keeper writes after what is safe already. `make_safe` makes what was written durable and then,
with the same conditional UPDATE that proves the hold, says so in the row.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.utils import timezone

from media_pipeline import storage
from media_pipeline.incoming.holding import Hold


class Keeper(Protocol):
    """What `append` needs."""

    def write(self, block: bytes) -> None: ...

    def make_safe(self, last: bool = False) -> None: ...


@contextlib.contextmanager
def keeper_of(hold: Hold) -> Iterator[Keeper]:
    """The keeper for the store that is set. Raises OSError where the store is away or full."""
    if storage.far(storage.incoming()):
        from media_pipeline.incoming.parts import BucketKeeper

        with BucketKeeper(hold) as keeper:
            yield keeper
    else:
        with FileKeeper(hold) as keeper:
            yield keeper


class FileKeeper:
    """One file, written on where its safe part ends."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold
        self.path = Path(storage.incoming().path(hold.row.stored))

    def __enter__(self) -> FileKeeper:
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        self.file = os.fdopen(handle, "wb", buffering=0)
        if new:
            storage.make_durable(self.path.parent)
            storage.make_durable(self.path.parent.parent)
        # What an earlier connection wrote and could not make safe is written again.
        self.file.truncate(self.hold.row.offset)
        self.at = self.file.seek(self.hold.row.offset)
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    def write(self, block: bytes) -> None:
        left = memoryview(block)
        while left:  # a disk that is nearly full takes less than it is given
            left = left[self.file.write(left) :]
        self.at += len(block)

    def make_safe(self, last: bool = False) -> None:
        if self.at > self.hold.row.offset:
            os.fsync(self.file.fileno())
            self.hold.change(offset=self.at, touched=timezone.now())
