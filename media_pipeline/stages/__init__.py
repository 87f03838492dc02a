"""The stages, in their order. To add one: a module with `run(work) -> Result`, and a line here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from media_pipeline import wishes
from media_pipeline.stages import clean, disguise, probe, scan, speak, transcode, transcribe
from media_pipeline.work import Result, Work

if TYPE_CHECKING:
    from media_pipeline.models import MediaAsset


@dataclass(frozen=True)
class Stage:
    """`label` is shown to the contributor; `weight` is its usual share of the time.

    `follows`: what it makes depends on what the stages before it made. `may_fail`: what it would
    have made is missed, but does not hold the recording up.
    """

    name: str
    label: str
    weight: int
    run: Callable[[Work], Result]
    profile: Callable[[], dict]
    follows: bool = True
    may_fail: bool = False

    def profile_hash(self, asset: MediaAsset) -> str:
        """Changes when the stage would now make something else of this recording."""
        wish = wishes.left(asset) if self.follows else {}
        profile = json.dumps(self.profile() | wish, sort_keys=True)
        return hashlib.sha256(profile.encode()).hexdigest()


STAGES = {
    stage.name: stage
    for stage in (
        Stage("scan", _("Checking that your recording is safe"), 5, scan.run, scan.profile, False),
        Stage("probe", _("Checking your recording"), 5, probe.run, probe.profile),
        Stage("disguise", _("Disguising it as you chose"), 60, disguise.run, disguise.profile),
        Stage("transcode", _("Making it playable"), 55, transcode.run, transcode.profile),
        Stage("clean", _("Taking out hidden details"), 5, clean.run, clean.profile),
        Stage(
            "transcribe",
            _("Writing down the words"),
            35,
            transcribe.run,
            transcribe.profile,
            follows=False,
            may_fail=True,
        ),
        # Last, for it reads what was written down.
        Stage("speak", _("Reading the words aloud"), 20, speak.run, speak.profile, may_fail=True),
    )
}
READ_THE_ORIGINAL = ("probe", "disguise", "transcode")
ORDER = {name: number for number, name in enumerate(STAGES)}


def reading_the_original(asset: MediaAsset) -> list[str]:
    """The stages that this recording needs, and that can't be done without what was sent."""
    wanted = wishes.has_to_be_made(asset)
    return [name for name in READ_THE_ORIGINAL if name != "disguise" or wanted]
