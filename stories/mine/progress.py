"""A contribution's way, told to the person who sent it."""

from __future__ import annotations

from dataclasses import dataclass

from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.states import State


@dataclass(frozen=True)
class Stop:
    """One stop on the way. `when` is "done", "now" or "later"."""

    label: str
    when: str
    detail: str = ""


def timeline(contribution: Contribution) -> list[Stop]:
    """Sent, prepared, read, on the site; each with what it means."""
    state = contribution.state
    ready = True
    stops = [Stop("You sent it", "done")]
    if upload := contribution.upload:
        progress = media.progress(upload.asset_id)
        ready = progress.state == "done"
        detail = "" if ready else progress.problem or progress.stage_label
        stops.append(Stop("We get your recording ready", "done" if ready else "now", detail))
    read = state not in {State.SUBMITTED, State.IN_REVIEW}
    stops.append(
        Stop(
            "A person reads, hears or watches it",
            "done" if read else ("now" if ready else "later"),
            "" if read else "Usually within 10 working days.",
        )
    )
    if state == State.DECLINED:
        return [*stops, Stop("We can't publish it", "now", "We say why below.")]
    if state == State.PAUSED:
        return [*stops, Stop("It rests: not on the site", "now")]
    if state == State.WAITING:
        return [*stops, Stop("It waits a few days, in case you change your mind", "now")]
    out = state == State.PUBLISHED
    return [*stops, Stop("It is on the site", "done" if out else "later")]
