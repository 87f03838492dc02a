"""Writing consent events and reading what they allow now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from stories.consent.models import VALID_STATES, ConsentEvent, EventState, Purpose, Statement

ANSWER_STATES = {
    "yes": EventState.GIVEN,
    "no": EventState.REFUSED,
    "later": EventState.DEFERRED,
}
PII_TYPES = {
    "publish_audio": ["pd:MentalHealth", "pd:LifeHistory", "pd:VoiceCommunicationRecording"],
    "publish_video": ["pd:MentalHealth", "pd:LifeHistory", "pd:Picture"],
    "show_name": ["pd:Name"],
    "show_unaltered_voice": ["pd:VoiceCommunicationRecording"],
    "show_face": ["pd:Picture"],
}


@dataclass(frozen=True)
class Consents:
    """What one contributor allows at this moment: purposes given, and the three choices."""

    given: frozenset[str] = frozenset()
    choices: dict[str, str] = field(default_factory=dict)


def current_statement(purpose: str, language: str = "en-GB") -> Statement:
    """The newest wording of a purpose. Raises Statement.DoesNotExist when none is loaded."""
    return Statement.objects.filter(purpose=purpose, language=language).latest("version")


def record(
    principal: uuid.UUID,
    statement: Statement,
    answer: str,
    *,
    purpose: str = "",
    choice: str = "",
    **how,
) -> ConsentEvent:
    """Append one answer ("yes", "no", "later") to one statement; `how` overrides record fields.

    `purpose` is for a statement that covers another purpose besides its own.
    Raises KeyError for another answer, Purpose.DoesNotExist for an unknown purpose.
    """
    asked = Purpose.objects.get(pk=purpose or statement.purpose_id)
    state = ANSWER_STATES[answer]
    now = timezone.now()
    return ConsentEvent.objects.create(
        pii_principal_id=principal,
        purpose=asked,
        statement=statement,
        event_state=state,
        choice=choice,
        event_time=now,
        expires_at=now + timedelta(days=asked.validity_days) if state in VALID_STATES else None,
        lawful_basis=asked.lawful_basis,
        pii_type=PII_TYPES.get(asked.slug, ["pd:MentalHealth", "pd:LifeHistory"]),
        pii_controllers=[settings.WAGTAIL_SITE_NAME],
        storage_locations=[settings.SITE_ADDRESS],
        retention_period="Until taken back, or five years after the last yes.",
        withdrawal_method="The contributor's private page, by telephone, or by letter.",
        **how,
    )


def withdraw_all(principal: uuid.UUID) -> int:
    """Append a withdrawal for every purpose that is given now; return how many."""
    taken_back = 0
    for event in latest_events(principal):
        if event.event_state in VALID_STATES:
            event.pk = None
            event.record_id = uuid.uuid4()
            event.event_state = EventState.WITHDRAWN
            event.event_time = timezone.now()
            event.expires_at = None
            event._state.adding = True
            event.save()
            taken_back += 1
    return taken_back


def latest_events(principal: uuid.UUID) -> list[ConsentEvent]:
    """The newest event of each purpose, in the purposes' order."""
    newest: dict[str, ConsentEvent] = {}
    events = ConsentEvent.objects.filter(pii_principal_id=principal).select_related(
        "purpose", "statement"
    )
    for event in events.order_by("id"):
        newest[event.purpose_id] = event
    return sorted(newest.values(), key=lambda event: (event.purpose.order, event.purpose_id))


def consents_of(principal: uuid.UUID) -> Consents:
    """What is allowed now: valid states that have not run out."""
    now = timezone.now()
    given, choices = set(), {}
    for event in latest_events(principal):
        if event.choice:
            choices[event.purpose_id] = event.choice
        if event.event_state in VALID_STATES and (not event.expires_at or event.expires_at > now):
            given.add(event.purpose_id)
    return Consents(frozenset(given), choices)


def holding(purpose: str) -> QuerySet:
    """Contributor keys that allow `purpose` now, as a subquery: the record is asked, not a copy."""
    events = ConsentEvent.objects.filter(purpose=purpose)
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"), purpose=purpose, pk__gt=OuterRef("pk")
    )
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    return (
        events.filter(in_time, ~Exists(later), event_state__in=VALID_STATES)
        .order_by()
        .values("pii_principal_id")
    )
