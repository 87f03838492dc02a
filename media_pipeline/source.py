"""The recording that a stage reads, as a path for ffmpeg, for as long as a block lasts."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from media_pipeline import originals, sealing, storage
from media_pipeline.errors import LeaseLost
from media_pipeline.work import Work


@contextlib.contextmanager
def sent(work: Work) -> Iterator[Path]:
    """The recording as it was sent, in plain.

    Unsealed into the working folder, which goes with the lease, and gone when the block ends.
    Raises KeyGone, Damaged, OSError where the store is away or the disk full, and LeaseLost.
    """
    if work.asset.sealed_for is None:
        with storage.local(storage.originals(), work.asset.original, work.folder) as path:
            yield path
        return
    path = work.folder / f"sent-{secrets.token_hex(4)}"
    try:
        with storage.private_file(path) as target, originals.open_(work.asset) as plain:
            for piece in sealing.pieces_of(plain):
                if work.stop.is_set():
                    raise LeaseLost
                target.write(piece)
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def shown(work: Work) -> Iterator[Path]:
    """What everything that others may meet is made from."""
    with sent(work) as path:
        yield path
