"""What a stage is given, and what it hands back. Stages touch no lease and no storage rules."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from media_pipeline.models import MediaAsset


@dataclass
class Work:
    """One stage at work on one asset, in a folder of its own."""

    asset: MediaAsset
    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)  # set when the lease is lost
    done: float = 0.0  # 0 to 1; the heartbeat writes it down

    def reached(self, seconds: float, begin: float = 0.0, end: float = 1.0) -> None:
        """So many seconds of the recording are done, within this part of the stage."""
        share = min(1.0, seconds / self.asset.seconds) if self.asset.seconds else 1.0
        self.done = begin + (end - begin) * share

    @property
    def deadline(self) -> float:
        """Seconds of wall time that one command may take: generous, since stalls end sooner."""
        return 600 + 20 * self.asset.seconds


@dataclass
class Made:
    """A rendition that a stage wrote: a file in the working folder, or a text."""

    name: str
    content_type: str
    path: Path | None = None
    text: str = ""
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    hls: dict = field(default_factory=dict)
    clean: bool = False


@dataclass
class Result:
    """What becomes true when the stage is finished. `record` runs inside that transaction.

    `disguised` is kept beside the original, instead of the one there was before.
    """

    made: list[Made] = field(default_factory=list)
    record: Callable[[], None] | None = None
    disguised: Path | None = None
