"""Where a contribution can stand, and where it can go from there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("not sent yet")
    SUBMITTED = "submitted", _("waiting for someone to read it")
    IN_REVIEW = "in_review", _("being read")
    RETURNED = "returned", _("with you, for a change")
    APPROVED = "approved", _("approved")
    AGREED = "agreed", _("approved and agreed")
    WAITING = "waiting", _("waiting a few days before it goes out")
    PUBLISHED = "published", _("on the site")
    PAUSED = "paused", _("resting, not on the site")
    WITHDRAWN = "withdrawn", _("taken down")
    ERASED = "erased", _("taken down and destroyed")
    DECLINED = "declined", _("not published")


TAKEN_BACK = (State.WITHDRAWN, State.ERASED)

MOVES: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.SUBMITTED,),
    State.SUBMITTED: (State.IN_REVIEW, State.APPROVED, State.RETURNED, State.DECLINED),
    State.IN_REVIEW: (State.APPROVED, State.RETURNED, State.DECLINED),
    State.RETURNED: (State.SUBMITTED, State.DECLINED),
    State.APPROVED: (State.AGREED, State.IN_REVIEW),
    State.AGREED: (State.WAITING, State.PUBLISHED),
    State.WAITING: (State.PUBLISHED, State.PAUSED),
    State.PUBLISHED: (State.PAUSED,),
    State.PAUSED: (State.PUBLISHED, State.WAITING),
    State.DECLINED: (),
    State.WITHDRAWN: (State.ERASED,),
    State.ERASED: (),
}


def may_move(before: str, after: str) -> bool:
    """Taking back is possible from everywhere but where it has already happened."""
    if after == State.WITHDRAWN:
        return before not in TAKEN_BACK
    return after in MOVES[before]
