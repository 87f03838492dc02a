"""A contribution's way, told to the person who sent it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.standing import waits_for
from stories.contributions.states import State
from stories.mine.agreed import day

NOT_READ = {State.SUBMITTED, State.IN_REVIEW}


@dataclass(frozen=True)
class Stop:
    """One stop on the way. `when` is "done", "now" or "later"."""

    label: str
    when: str
    detail: str = ""


def timeline(contribution: Contribution) -> list[Stop]:
    """Sent, prepared, read, on the site; each with what it means."""
    ready = True
    stops = [Stop(_("You sent it"), "done")]
    if upload := contribution.upload:
        progress = media.progress(upload.asset_id)
        ready = progress.state == "done"
        detail = "" if ready else progress.problem or progress.stage_label
        stops.append(Stop(_("We get your recording ready"), "done" if ready else "now", detail))
    read = contribution.state not in NOT_READ
    stops.append(
        Stop(
            _("A person reads, hears or watches it"),
            "done" if read else ("now" if ready else "later"),
            "" if read else _("Usually within 10 working days."),
        )
    )
    return [*stops, *_after_reading(contribution)]


def _after_reading(contribution: Contribution) -> list[Stop]:
    out = Stop(_("It is on the site"), "later")
    match contribution.state:
        case State.DECLINED:
            return [Stop(_("We can't publish it"), "now", _("We say why below."))]
        case State.APPROVED:
            wait = _("It goes out only after your yes.")
            return [Stop(_("You look at what we changed"), "now", wait), out]
        case State.WAITING:
            after = contribution.publish_after
            goes = _("It goes out on %(day)s.") % {"day": day(after)} if after else ""
            why = _("It waits a few days, in case you change your mind")
            return [Stop(why, "now", goes), out]
        case State.PAUSED if contribution.published_at is None:
            return [Stop(_("You stopped it: it has not gone out"), "now"), out]
        case State.PAUSED:
            return [Stop(_("It rests: not on the site"), "now")]
        case State.PUBLISHED if waits_for(contribution):
            why = _("It waits for everybody in it")
            return [Stop(why, "now", _("It is on the site when all of them have said yes.")), out]
        case State.PUBLISHED:
            return [Stop(_("It is on the site"), "done")]
    return [out]
