"""After a restored backup: what was closed since it was made is closed again.

Only closing is repeated. What was given since is not known from here, and stays closed until
somebody gives it again.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from stories import journal
from stories.consent.events import ConsentEvent, EventState
from stories.consent.record import CLOCK, end, newest
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.publishing.answer import close_at_once
from stories.publishing.pause import pause
from stories.publishing.tasks import ring
from stories.publishing.withdraw import destroy, withdraw


@dataclass
class Again:
    """How many stories and consents were closed again."""

    taken_back: int = 0
    withdrawn: int = 0
    paused: int = 0
    consents: int = 0


def decide_again() -> Again:
    """Raises journal.JournalChanged before anything is done."""
    entries = list(journal.read())
    again = Again()
    last: dict[str, dict] = {}
    for entry in entries:
        if reference := entry.get("reference"):
            last[reference] = entry
    stories = Contribution.objects.filter(reference__in=last)
    for story in stories:
        entry = last[story.reference]
        kind = entry.get("kind", "withdrawn")
        if kind in {"withdrawn", "erased"}:
            again.withdrawn += _take_back(story, entry)
        elif kind == "paused" and story.epoch < entry["epoch"]:
            again.paused += _pause(story)
    gone = [entry for entry in last.values() if entry.get("kind", "withdrawn") != "published"]
    again.taken_back = sum(entry.get("kind") != "paused" for entry in gone)
    known = ConsentEvent.objects.order_by("-number").values_list("number", flat=True).first() or 0
    lines = [entry for entry in entries if entry.get("kind") == "consent"]
    if any(entry["event"] > known for entry in lines):
        # From here on the chain goes on from the backup's last record, and verification knows.
        journal.append({"kind": "restored", "event": known})
        again.consents = _end_consents(lines, known)
    return again


def _take_back(story: Contribution, entry: dict) -> int:
    """1 when it had come back."""
    kept_until = datetime.fromisoformat(entry["time"]) + timedelta(days=settings.KEEP_DAYS)
    came_back = 0
    try:
        withdraw(story, by=CLOCK, destroy_after=kept_until)
        came_back = 1
    except NotPossible:
        pass  # the backup knew already
    if entry.get("kind") == "erased":
        with suppress(NotPossible):
            destroy(story)
    return came_back


def _pause(story: Contribution) -> int:
    try:
        pause(story)
    except NotPossible:
        return 0
    return 1


def _end_consents(lines: list[dict], known: int) -> int:
    """Consents whose newest line in the journal allows less than the backup's newest record."""
    newest_line = {(entry["principal"], entry["purpose"]): entry for entry in lines}
    ended = 0
    for (principal, purpose), entry in newest_line.items():
        if entry["event"] <= known:
            continue
        event = newest(uuid.UUID(principal), purpose)
        if event and event.allows > entry["allows"]:
            ended += _end(event)
    return ended


def _end(event: ConsentEvent) -> int:
    key = event.pii_principal_id
    story = Contribution.objects.filter(contributor_key=key).first()
    person = Participant.objects.filter(key=key).first()
    story = story or (person.contribution if person else None)
    with transaction.atomic():
        end(event, EventState.INVALIDATED, CLOCK)
        if story and not story.is_taken_back:
            story.decide()
            close_at_once(story, frozenset({"listing"}))
            ring(story.pk)
    return 1
