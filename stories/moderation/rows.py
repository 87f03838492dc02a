"""The queue's folders and rows."""

from __future__ import annotations

from dataclasses import dataclass

from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.states import State

FOLDERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("Waiting for you", (State.SUBMITTED, State.IN_REVIEW)),
    "out": ("On the site", (State.APPROVED, State.AGREED, State.WAITING, State.PUBLISHED)),
    "resting": ("Resting", (State.PAUSED,)),
    "declined": ("Declined", (State.DECLINED,)),
    "gone": ("Taken back", (State.WITHDRAWN, State.ERASED)),
}


@dataclass(frozen=True)
class Row:
    """One line of the queue. `recording` says how far the pipeline is, in words."""

    contribution: Contribution
    title: str
    kind: str
    recording: str

    @classmethod
    def of(cls, contribution: Contribution) -> Row:
        upload = None if contribution.is_taken_back else contribution.upload
        kind = "Written"
        recording = ""
        if upload:
            kind = "Video" if upload.kind == "video" else "Sound"
            progress = media.progress(upload.asset_id)
            recording = {
                "done": "Ready",
                "failed": "Something went wrong",
                "working": f"{progress.stage_label}, {progress.percent} %",
            }.get(progress.state, "Waiting for its turn")
        title = contribution.private.title or "Nothing is left of this one"
        return cls(contribution, title, kind, recording)


def waiting() -> int:
    """How many contributions somebody should look at."""
    return Contribution.objects.filter(state__in=FOLDERS["waiting"][1]).count()
