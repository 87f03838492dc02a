"""The stages, in their order. To add one: a module with `run(work) -> Result`, and a line here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from media_pipeline.stages import clean, probe, scan, transcode, transcribe
from media_pipeline.work import Result, Work


@dataclass(frozen=True)
class Stage:
    """`label` is shown to the contributor; `weight` is its usual share of the time."""

    name: str
    label: str
    weight: int
    run: Callable[[Work], Result]
    profile: Callable[[], dict]

    def profile_hash(self) -> str:
        """Changes when the stage would now make something else."""
        profile = json.dumps(self.profile(), sort_keys=True)
        return hashlib.sha256(profile.encode()).hexdigest()


STAGES = {
    stage.name: stage
    for stage in (
        Stage("scan", "Checking that your recording is safe", 5, scan.run, scan.profile),
        Stage("probe", "Checking your recording", 5, probe.run, probe.profile),
        Stage("transcode", "Making it playable", 55, transcode.run, transcode.profile),
        Stage("clean", "Taking out hidden details", 5, clean.run, clean.profile),
        Stage("transcribe", "Writing down the words", 35, transcribe.run, transcribe.profile),
    )
}
ORDER = {name: number for number, name in enumerate(STAGES)}
