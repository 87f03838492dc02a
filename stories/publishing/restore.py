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
from stories.consent.chain import heads_in_journal
from stories.consent.events import ConsentEvent, EventState
from stories.consent.record import CLOCK, end, newest
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.publishing.answer import close_at_once
from stories.publishing.closing import outside_after_change
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
    """May be run any number of times. Raises journal.JournalChanged before anything is done."""
    entries = list(journal.read())
    _continue_chain()
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
    again.consents = _end_consents(entries)
    return again


def _continue_chain() -> None:
    """Before anything is recorded anew: the chain goes on from the backup's last record, so that
    verification knows why later ones are missing."""
    newest_number = ConsentEvent.objects.order_by("-number").values_list("number", flat=True)
    known = newest_number.first() or 0
    if any(number > known for number in heads_in_journal()):
        journal.append({"kind": "restored", "event": known})


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


def _end_consents(entries: list[dict]) -> int:
    """Consents whose newest line in the journal is later than their record and allows less."""
    ended = 0
    for (principal, purpose), entry in _newest_lines(entries).items():
        event = newest(uuid.UUID(principal), purpose)
        if event is None or event.allows <= entry["allows"]:
            continue
        # Later by the clock, not by number: after a restore the numbers are given anew.
        if event.event_time < datetime.fromisoformat(entry["time"]):
            ended += _end(event)
    return ended


def _newest_lines(entries: list[dict]) -> dict[tuple[str, str], dict]:
    """{(whose, purpose): line}. Between two restores the number counts: a line that a crash left
    out is written later than it should be."""
    found: dict[tuple[str, str], tuple[int, dict]] = {}
    restores = 0
    for entry in entries:
        kind = entry.get("kind")
        restores += kind == "restored"
        if kind == "consent":
            key = entry["principal"], entry["purpose"]
            before, line = found.get(key, (-1, entry))
            if before < restores or line["event"] < entry["event"]:
                found[key] = restores, entry
    return {key: line for key, (_, line) in found.items()}


def _end(event: ConsentEvent) -> int:
    key = event.pii_principal_id
    story = Contribution.objects.filter(contributor_key=key).first()
    person = Participant.objects.filter(key=key).first()
    story = story or (person.contribution if person else None)
    with transaction.atomic():
        if story:  # stories are locked before the chain of records, as in every verb
            story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        open_before = exits_of(story) if story else frozenset()
        end(event, EventState.INVALIDATED, CLOCK)
        if story and not story.is_taken_back:
            story.decide()
            close_at_once(story, open_before | {"listing"})
            # The thrown-away database knew whom to ask for copies; this one has to learn it again.
            outside_after_change(story, open_before - exits_of(story))
            ring(story.pk)
    return 1
