"""What a contributor said, purpose by purpose, as the desk shows it; and why a door is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stories.consent.choices import label_of
from stories.consent.events import ConsentEvent, EventState
from stories.consent.reading import latest_events
from stories.contributions.models import Contribution
from stories.contributions.standing import Stand, waits_for

ANSWERS: dict[str, str] = {
    EventState.DEFERRED: _("Not sure yet"),
    EventState.EXPIRED: _("Has run out"),
    EventState.REQUESTED: _("Asked, not answered yet"),
    EventState.INVALIDATED: _("Ended after a restored backup"),
    EventState.REVOKED: _("Ended by somebody else"),
    EventState.WITHDRAWN: _("Taken back"),
}
HOW: dict[str, str] = {
    ConsentEvent.Method.TELEPHONE: _("on the telephone"),
    ConsentEvent.Method.PAPER: _("by letter"),
    ConsentEvent.Method.VERBAL: _("in person"),
}
WHY_CLOSED = {
    Stand.NOT_ASKED: (
        _("The picture and sound are closed because %(who)s has not been asked yet."),
        _("The sound is closed because %(who)s has not been asked yet."),
    ),
    Stand.ASKED: (
        _("The picture and sound are closed because %(who)s has not answered yet."),
        _("The sound is closed because %(who)s has not answered yet."),
    ),
    Stand.NO: (
        _("The picture and sound are closed because %(who)s has not said yes."),
        _("The sound is closed because %(who)s has not said yes."),
    ),
    Stand.LEFT: (
        _("The picture and sound are closed because %(who)s took their yes back."),
        _("The sound is closed because %(who)s took their yes back."),
    ),
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
        notes.append(gettext("For %(whom)s") % {"whom": ", ".join(event.recipient_third_parties)})
    if event.is_yes and event.event_state == EventState.REQUESTED:
        notes.append(gettext("Asked for more, and not answered yet"))
    elif event.is_yes and event.event_state in {EventState.REFUSED, EventState.DEFERRED}:
        notes.append(gettext("Not to what was asked beyond that"))
    if (staff := _staff_id(event)) is not None and event.event_state != EventState.REQUESTED:
        name = names.get(staff, gettext("somebody who has left"))
        notes.append(
            gettext("Said %(how)s, written down by %(name)s")
            % {"how": gettext(HOW.get(event.indication_method, _("to us"))), "name": name}
        )
    until = event.expires_at if event.is_yes and not over else None
    label = event.purpose.public_label
    return Said(event.purpose_id, label, _answer(event, over), until, tuple(notes))


def _answer(event: ConsentEvent, over: bool) -> str:
    if event.is_yes and over:
        return gettext("Has run out")
    if event.choice:
        return label_of(event.choice)
    if event.is_yes:
        return gettext("Yes")
    return gettext(ANSWERS.get(event.event_state, _("No")))


def _staff_id(event: ConsentEvent) -> int | None:
    kind, _, number = event.actor.partition(":")
    return int(number) if kind == "staff" and number.isdecimal() else None


def why_closed(story: Contribution) -> list[str]:
    """A sentence for each person who keeps a recording closed, with how they are called."""
    is_film = story.format == "video"
    return [
        gettext(WHY_CLOSED[other.stand][0 if is_film else 1])
        % {"who": other.person.called or gettext("somebody else in it")}
        for other in waits_for(story)
        if other.stand in WHY_CLOSED
    ]
