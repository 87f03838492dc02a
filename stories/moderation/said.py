"""What a contributor said, purpose by purpose, as the desk shows it; and why a door is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone

from stories.consent.choices import LABELS
from stories.consent.events import ConsentEvent, EventState
from stories.consent.reading import latest_events
from stories.contributions.models import Contribution
from stories.contributions.standing import Stand, waits_for

ANSWERS: dict[str, str] = {
    EventState.DEFERRED: "Not sure yet",
    EventState.EXPIRED: "Has run out",
    EventState.REQUESTED: "Asked, not answered yet",
    EventState.INVALIDATED: "Ended after a restored backup",
    EventState.REVOKED: "Ended by somebody else",
    EventState.WITHDRAWN: "Taken back",
}
HOW: dict[str, str] = {
    ConsentEvent.Method.TELEPHONE: "on the telephone",
    ConsentEvent.Method.PAPER: "by letter",
    ConsentEvent.Method.VERBAL: "in person",
}
WHY_CLOSED = {
    Stand.NOT_ASKED: "has not been asked yet",
    Stand.ASKED: "has not answered yet",
    Stand.NO: "has not said yes",
    Stand.LEFT: "took their yes back",
}


@dataclass(frozen=True)
class Said:
    """One line. `notes`: what stands under it, such as who wrote the answer down."""

    slug: str
    label: str
    answer: str
    until: datetime | None
    notes: tuple[str, ...]


def what_was_said(story: Contribution) -> list[Said]:
    """The newest answer to each purpose, in the purposes' order."""
    events = latest_events(story.contributor_key)
    ids = [pk for event in events if (pk := _staff_id(event)) is not None]
    names = {user.pk: user.get_username() for user in get_user_model().objects.filter(pk__in=ids)}
    return [_line(event, names) for event in events]


def _line(event: ConsentEvent, names: dict[int, str]) -> Said:
    now = timezone.now()
    over = event.expires_at is not None and event.expires_at <= now
    notes = []
    if event.is_yes and event.recipient_third_parties:
        notes.append("For " + ", ".join(event.recipient_third_parties))
    if event.is_yes and event.event_state == EventState.REQUESTED:
        notes.append("Asked for more, and not answered yet")
    elif event.is_yes and event.event_state in {EventState.REFUSED, EventState.DEFERRED}:
        notes.append("Not to what was asked beyond that")
    if (staff := _staff_id(event)) is not None and event.event_state != EventState.REQUESTED:
        name = names.get(staff, "somebody who has left")
        notes.append(f"Said {HOW.get(event.indication_method, 'to us')}, written down by {name}")
    until = event.expires_at if event.is_yes and not over else None
    label = event.purpose.public_label
    return Said(event.purpose_id, label, _answer(event, over), until, tuple(notes))


def _answer(event: ConsentEvent, over: bool) -> str:
    if event.is_yes and over:
        return "Has run out"
    if event.choice:
        return LABELS.get(event.choice, event.choice)
    if event.is_yes:
        return "Yes"
    return ANSWERS.get(event.event_state, "No")


def _staff_id(event: ConsentEvent) -> int | None:
    kind, _, number = event.actor.partition(":")
    return int(number) if kind == "staff" and number.isdecimal() else None


def why_closed(story: Contribution) -> list[str]:
    """A sentence for each person who keeps a recording closed, with how they are called."""
    what = "picture and sound are" if story.format == "video" else "sound is"
    return [
        f"The {what} closed because {other.person.called or 'somebody else in it'} "
        f"{WHY_CLOSED[other.stand]}."
        for other in waits_for(story)
        if other.stand in WHY_CLOSED
    ]
