"""The recording that a stage reads, as a path for ffmpeg, for as long as a block lasts."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from media_pipeline import originals, sealing, storage, wishes
from media_pipeline.errors import LeaseLost, OriginalDropped
from media_pipeline.models import MediaAsset, Rendition
from media_pipeline.work import Work

# What comes nearest to a recording as it was sent, where that is not kept: the fullest first.
NEAREST = ("story.mp4", "audio.m4a")


@contextlib.contextmanager
def sent(work: Work) -> Iterator[Path]:
    """The recording as it was sent, in plain. Where that is gone, the best unaltered copy of it: by
    that somebody can still be disguised who did not want to be at first.

    Raises OriginalDropped, KeyGone, Damaged, OSError where the store is away or the disk full, and
    LeaseLost.
    """
    asset = work.asset
    if asset.original:
        with _plain(work, asset.original) as path:
            yield path
        return
    row = nearest(asset)
    if row is None:
        raise OriginalDropped("The recording as it was sent is not kept any more.")
    with storage.local(storage.renditions(), row.stored, work.folder) as path:
        yield path


@contextlib.contextmanager
def shown(work: Work) -> Iterator[Path]:
    """What everything that others may meet is made from: as it was sent, or disguised as wished.

    Raises OriginalDropped where it was disguised and that is not kept any more.
    """
    asset = work.asset
    if not wishes.has_to_be_made(asset):
        with sent(work) as path:
            yield path
        return
    if not asset.disguised:  # never what was sent instead
        raise OriginalDropped("What was disguised is not kept any more.")
    with _plain(work, asset.disguised) as path:
        yield path


@contextlib.contextmanager
def _plain(work: Work, name: str) -> Iterator[Path]:
    """What is sealed under this name, unsealed into the working folder, which goes with the lease;
    gone when the block ends."""
    if work.asset.sealed_for is None:
        with storage.local(storage.originals(), name, work.folder) as path:
            yield path
        return
    path = work.folder / f"sent-{secrets.token_hex(4)}"
    try:
        with storage.private_file(path) as target, originals.open_(work.asset, name) as plain:
            for piece in sealing.pieces_of(plain):
                if work.stop.is_set():
                    raise LeaseLost
                target.write(piece)
        yield path
    finally:
        path.unlink(missing_ok=True)


def nearest(asset: MediaAsset) -> Rendition | None:
    """A rendition with all of the recording in it that is still to be shown, altered no more
    than is wished. None where there is none."""
    rows = {row.name: row for row in asset.renditions.filter(name__in=NEAREST)}
    for name in NEAREST if asset.has_picture else NEAREST[1:]:
        if name in rows and wishes.has_enough(rows[name], asset):
            return rows[name]
    return None


def is_there(asset: MediaAsset) -> tuple[str, str]:
    """Voice and face as they are in what sent() gives."""
    row = None if asset.original else nearest(asset)
    return (row.voice, row.face) if row else (wishes.VOICES[0], wishes.FACES[0])
