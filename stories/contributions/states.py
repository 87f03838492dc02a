"""Where a contribution can stand, and where it can go from there."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "not sent yet"
    SUBMITTED = "submitted", "waiting for someone to read it"
    IN_REVIEW = "in_review", "being read"
    RETURNED = "returned", "with you, for a change"
    APPROVED = "approved", "approved"
    AGREED = "agreed", "approved and agreed"
    WAITING = "waiting", "waiting a few days before it goes out"
    PUBLISHED = "published", "on the site"
    PAUSED = "paused", "resting, not on the site"
    WITHDRAWN = "withdrawn", "taken down"
    ERASED = "erased", "taken down and destroyed"
    DECLINED = "declined", "not published"


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
