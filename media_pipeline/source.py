"""The recording that a stage reads, as a path for ffmpeg, for as long as a block lasts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from media_pipeline import storage
from media_pipeline.work import Work


@contextlib.contextmanager
def sent(work: Work) -> Iterator[Path]:
    """The recording as it was sent."""
    with storage.local(storage.originals(), work.asset.original, work.folder) as path:
        yield path


@contextlib.contextmanager
def shown(work: Work) -> Iterator[Path]:
    """What everything that others may meet is made from."""
    with sent(work) as path:
        yield path
