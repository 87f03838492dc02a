"""The recording that a stage reads, as a path for ffmpeg, for as long as a block lasts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from media_pipeline import facts, ffmpeg, storage, wishes
from media_pipeline.errors import OriginalDropped
from media_pipeline.models import MediaAsset, Rendition
from media_pipeline.work import Work

# What comes nearest to a recording as it was sent, where that is not kept: the fullest first.
NEAREST = ("story.mp4", "audio.m4a")


@contextlib.contextmanager
def sent(work: Work) -> Iterator[Path]:
    """The recording as it was sent. Where that is gone, the best unaltered copy of it: by that
    somebody can still be disguised who did not want to be at first. Raises OriginalDropped."""
    asset = work.asset
    if asset.original:
        with storage.local(storage.originals(), asset.original, work.folder) as path:
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
    if not wishes.altered(asset):
        with sent(work) as path:
            yield path
        return
    if not asset.disguised:  # never what was sent instead
        raise OriginalDropped("What was disguised is not kept any more.")
    with storage.local(storage.originals(), asset.disguised, work.folder) as path:
        yield path


@contextlib.contextmanager
def spoken(work: Work) -> Iterator[tuple[Path, int]]:
    """What words are heard from, and the number of its sound stream.

    A disguised voice is harder to understand, and of words only there is no other sound, so it
    is the recording as it was sent; where that is gone, whatever sound there is. Raises
    OriginalDropped where there is none.
    """
    asset = work.asset
    if "voice" in wishes.altered(asset) and (asset.original or nearest(asset)):
        with sent(work) as path:
            yield path, facts.read(ffmpeg.probe(path)).audio or 0
        return
    row = asset.renditions.filter(name="audio.m4a").first()
    if row is None:
        raise OriginalDropped("There is no sound any more that words could be heard from.")
    with storage.local(storage.renditions(), row.stored, work.folder) as path:
        yield path, 0


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
