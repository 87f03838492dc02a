"""What a receipt says: the same for people and, as JSON-LD, for machines.

A receipt row holds no words. Everything is read from the immutable events up to its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent import jsonld
from stories.consent.choices import label_of
from stories.consent.events import ConsentEvent, EventState, Receipt
from stories.consent.models import Statement

SAID = {
    EventState.GIVEN: _("Yes"),
    EventState.RENEWED: _("Yes"),
    EventState.UNKNOWN: _("Not known"),
    EventState.REQUESTED: _("Asked, not answered yet"),
    EventState.DEFERRED: _("Not sure yet"),
    EventState.REFUSED: _("No"),
    EventState.EXPIRED: _("Ended, because its time ran out"),
    EventState.WITHDRAWN: _("Taken back"),
    EventState.INVALIDATED: _("Ended, because it can't be relied on any more"),
    EventState.REVOKED: _("Ended by somebody else"),
}
HOW = {
    ConsentEvent.Method.WEB: _("on our website"),
    ConsentEvent.Method.PAPER: _("in a signed letter"),
    ConsentEvent.Method.VERBAL: _("in person, recorded"),
    ConsentEvent.Method.TELEPHONE: _("by telephone"),
    ConsentEvent.Method.CLOCK: _("by itself"),
}
WHO = {
    ConsentEvent.Entity.SELF: "you",
    ConsentEvent.Entity.GUARDIAN: _("your guardian"),
    ConsentEvent.Entity.STAFF: _("our staff, for you"),
    ConsentEvent.Entity.ARCHIVE: _("our system"),
}


@dataclass(frozen=True)
class Closed:
    """Things of ours of one kind that were taken back: how many, and when the last was gone."""

    what: str  # in words for people, never with a word of the story
    count: int
    done: bool
    when: datetime | None = None


@dataclass(frozen=True)
class Outside:
    """A copy that others may hold. `state`: "to_ask", "asked", "gone" or "out_of_reach"."""

    what: str
    holder: str
    state: str
    state_label: str
    who_asks: str
    when: datetime


@dataclass(frozen=True)
class Line:
    """One question: what was said to it last, and before. `until` is None for a no."""

    label: str
    said: str
    when: datetime
    until: datetime | None
    how: str
    who: str
    statement: Statement
    sha256: str  # of the statement as it was shown
    allows: bool
    earlier: tuple[Line, ...] = ()


def receipts_of(principal) -> QuerySet[Receipt]:
    """Somebody's receipts, the newest first. `principal` is their opaque key (UUID)."""
    return Receipt.objects.filter(pii_principal_id=principal)


def events_of(receipt: Receipt) -> list[list[ConsentEvent]]:
    """The events that a receipt covers, oldest first, one list a purpose, in their order."""
    events = ConsentEvent.objects.filter(
        pii_principal_id=receipt.pii_principal_id, number__lte=receipt.up_to
    ).select_related("purpose", "statement")
    histories: dict[str, list[ConsentEvent]] = {}
    for event in events.order_by("number"):
        histories.setdefault(event.purpose_id, []).append(event)
    return sorted(histories.values(), key=lambda each: (each[0].purpose.order, each[0].purpose_id))


def receipt_lines(receipt: Receipt) -> list[Line]:
    """What a receipt says, for people: one line a question, in the questions' order."""
    return [_line(events) for events in events_of(receipt)]


def receipt_data(
    receipt: Receipt, *, closed: Sequence[Closed] = (), outside: Sequence[Outside] = ()
) -> dict:
    """The receipt as a JSON-LD document of type dpv:ConsentReceipt; see docs/receipts.md."""
    return jsonld.document(receipt, events_of(receipt), closed, outside)


def said_in(event: ConsentEvent) -> str:
    """What an event says, in words: "Yes, to The Hub", "Blur it", "No. Your earlier yes stays." """
    if event.choice and event.event_state != EventState.REQUESTED:
        return label_of(event.choice)
    said = str(SAID[EventState(event.event_state)])
    if event.recipient_third_parties and event.allows:
        said += ": " + ", ".join(event.recipient_third_parties)
    if event.allows and event.event_state not in {EventState.GIVEN, EventState.RENEWED}:
        said += gettext(". Your earlier yes stays.")
    return said


def _line(events: list[ConsentEvent]) -> Line:
    *before, event = events
    return Line(
        label=event.purpose.public_label,
        said=said_in(event),
        when=event.event_time,
        until=event.expires_at if event.allows else None,
        how=str(HOW[ConsentEvent.Method(event.indication_method)]),
        who=str(WHO[ConsentEvent.Entity(event.entity_id)]),
        statement=event.statement,
        sha256=event.statement_sha256,
        allows=event.is_yes,
        earlier=tuple(_line([each]) for each in reversed(before)),
    )
