"""The chain: every consent event carries an HMAC over itself and the event before it.

A plain hash chain shows neither a cut tail nor a full recomputation. This one is keyed, and its
head goes to the journal outside the database: whoever alters records needs the key and the
journal too. HMAC-SHA-256 (RFC 2104) over JSON with sorted keys. What differs is named by
checking.py.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.conf import settings

from stories import journal
from stories.consent.events import ChainHead, ConsentEvent

log = logging.getLogger(__name__)

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


def lock() -> ChainHead:
    """The head, locked until the transaction ends: records are read and written one at a time."""
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update(no_key=True).get(pk=1)


def link(event: ConsentEvent) -> ConsentEvent:
    """Number, chain and save an event. Call it inside atomic(): the head row is locked."""
    head = lock()
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


def catch_up() -> int:
    """Write the lines that a crash between a commit and its line left out; return how many.

    Records before the first line that the journal knows are left: an older part of the journal is
    gone then, and that is for checking.py to name. So is a journal that somebody changed.
    """
    head = ChainHead.objects.filter(pk=1).first()
    if head is None or _caught_up.get("head") == head.mac:
        return 0  # the journal need not be read every minute
    try:
        heads = heads_in_journal()
    except journal.JournalChanged as error:
        log.error("The journal is not written further: %s", error)
        return 0
    written = 0
    if heads:
        behind = ConsentEvent.objects.filter(number__gt=min(heads)).order_by("number")
        for number in behind.values_list("number", flat=True).iterator():
            if number not in heads:
                write_to_journal(ConsentEvent.objects.get(number=number))
                written += 1
    _caught_up["head"] = head.mac
    return written


# The head up to which this process has seen the journal complete.
_caught_up: dict[str, str] = {}


def problems() -> Iterator[str]:
    """Every way in which the records differ from what was written, in plain sentences."""
    from stories.consent.checking import differences

    return differences()


def heads_in_journal() -> dict[int, str]:
    """{number: code} of the records that should be there, a restored backup's loss apart.

    Raises journal.JournalChanged.
    """
    heads: dict[int, str] = {}
    note_heads(heads, journal.read("consent", "restored"))
    return heads


def note_heads(heads: dict[int, str], entries: Iterable[dict]) -> None:
    """Add what these entries say. What is added before an entry fails to be read stays."""
    for entry in entries:
        if entry["kind"] == "restored":
            for number in [number for number in heads if number > entry["event"]]:
                del heads[number]
        else:
            # The first line counts: a second one for the same number was not written by us.
            heads.setdefault(entry["event"], entry["head"])
