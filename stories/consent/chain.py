"""The chain: every consent event carries an HMAC over itself and the event before it.

A plain hash chain shows neither a cut tail nor a full recomputation. This one is keyed, and its
head goes to the journal outside the database: whoever alters records needs the key and the
journal too. HMAC-SHA-256 (RFC 2104) over JSON with sorted keys.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings

from stories import journal
from stories.consent.events import ChainHead, ConsentEvent

CHAINED = (
    "number", "record_id", "schema_version", "pii_principal_id", "purpose_id", "statement_id",
    "statement_sha256", "language", "event_state", "event_type", "allows", "choice", "event_time",
    "validity_days", "expires_at", "entity_id", "actor", "indication_method", "lawful_basis",
    "pii_type", "pii_controllers", "storage_locations", "retention_period", "jurisdiction",
    "recipient_third_parties", "withdrawal_method",
)  # fmt: skip


def mac_of(before: str, event) -> str:
    """The code of an event that follows the one with the code `before` ("" for the first)."""
    fields = {name: _plain(getattr(event, name)) for name in CHAINED}
    key = f"consent records:{settings.SECRET_KEY}".encode()
    text = before + json.dumps(fields, sort_keys=True)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if isinstance(value, (int, list, type(None))) else str(value)


def link(event: ConsentEvent) -> ConsentEvent:
    """Number, chain and save an event. Call it inside atomic(): the head row is locked."""
    ChainHead.objects.get_or_create(pk=1)
    head = ChainHead.objects.select_for_update().get(pk=1)
    event.number = head.number + 1
    event.mac = mac_of(head.mac, event)
    event.save()
    ChainHead.objects.filter(pk=1).update(number=event.number, mac=event.mac)
    return event


def write_to_journal(event: ConsentEvent) -> None:
    """After the commit: what a restored backup has to know of this event."""
    journal.append(
        {
            "kind": "consent",
            "event": event.number,
            "head": event.mac,
            "principal": str(event.pii_principal_id),
            "purpose": event.purpose_id,
            "allows": event.allows,
        }
    )


def problems() -> Iterator[str]:
    """Every way in which the records differ from what was written, in plain sentences."""
    heads = heads_in_journal()
    before, expected = "", 1
    for event in ConsentEvent.objects.order_by("number").iterator():
        if event.number != expected:
            yield f"Records {expected} to {event.number - 1} are missing."
            before = heads.get(event.number - 1, "")
        if event.mac != mac_of(before, event):
            yield f"Record {event.number} is not as it was written."
        elif heads.get(event.number, event.mac) != event.mac:
            yield f"Record {event.number} was written again: the journal knows another one."
        if event.statement_sha256 != event.statement.sha256:
            yield f"Record {event.number} names a statement that has other words now."
        before, expected = event.mac, event.number + 1
    last = expected - 1
    known = max([*heads, _head_number()])
    if known > last:
        yield f"The end is cut off: records {last + 1} to {known} are missing."


def heads_in_journal() -> dict[int, str]:
    """{number: code} of the records that should be there, a restored backup's loss apart."""
    heads: dict[int, str] = {}
    for entry in journal.read("consent", "restored"):
        if entry["kind"] == "restored":
            heads = {number: head for number, head in heads.items() if number <= entry["event"]}
        else:
            heads[entry["event"]] = entry["head"]
    return heads


def _head_number() -> int:
    head = ChainHead.objects.filter(pk=1).first()
    return head.number if head else 0
