"""Reading what is allowed now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from stories.consent.events import ConsentEvent


@dataclass(frozen=True)
class Consents:
    """What is allowed at this moment.

    `given`: purposes; `scope`: {purpose: how wide the yes was}; `choices`: the three choices in
    force; `recipients`: {purpose: the partners or extracts that were named}.
    """

    given: frozenset[str] = frozenset()
    choices: dict[str, str] = field(default_factory=dict)
    scope: dict[str, int] = field(default_factory=dict)
    recipients: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def shared_with(self, others: list[Consents], own: frozenset[str]) -> Consents:
        """What all of them allow together; purposes in `own` stay each person's own."""
        given = self.given
        for other in others:
            given = frozenset(slug for slug in given if slug in own or slug in other.given)
        return Consents(given, self.choices, self.scope, self.recipients)


def latest_events(principal: uuid.UUID) -> list[ConsentEvent]:
    """The newest event of each purpose, in the purposes' order."""
    events = ConsentEvent.objects.select_related("purpose", "statement")
    newest = _newest(events.filter(pii_principal_id=principal))
    return sorted(newest, key=lambda event: (event.purpose.order, event.purpose_id))


def consents_from(latest: Iterable[ConsentEvent]) -> Consents:
    """What one person's newest events allow now: what was said yes to and has not run out."""
    now = timezone.now()
    choices: dict[str, str] = {}
    scope: dict[str, int] = {}
    recipients: dict[str, tuple[str, ...]] = {}
    for event in latest:
        if event.choice:
            choices[event.purpose_id] = event.choice
        if event.allows and (not event.expires_at or event.expires_at > now):
            scope[event.purpose_id] = event.allows
            recipients[event.purpose_id] = tuple(event.recipient_third_parties)
    return Consents(frozenset(scope), choices, scope, recipients)


def consents_of(principal: uuid.UUID) -> Consents:
    """What one person allows now. Asked for every byte range, so without what words them."""
    return consents_from(_newest(ConsentEvent.objects.filter(pii_principal_id=principal)))


def _newest(events: QuerySet[ConsentEvent]) -> Iterable[ConsentEvent]:
    """The newest of each purpose among one person's events."""
    return {event.purpose_id: event for event in events.order_by("number")}.values()


class ThisMoment(Value):
    """The time at which a query is asked, so that a condition can be built once and kept."""

    def __init__(self) -> None:
        super().__init__(None, output_field=DateTimeField())

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        return Value(timezone.now(), output_field=DateTimeField()).as_sql(compiler, connection)


def holding(purpose: str, scope: int = 1) -> QuerySet:
    """Keys of people who allow `purpose` now, as a subquery: the record is asked, not a copy."""
    events = ConsentEvent.objects.filter(purpose=purpose)
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"),
        purpose=purpose,
        number__gt=OuterRef("number"),
    )
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=ThisMoment())
    return (
        events.filter(in_time, ~Exists(later), allows__gte=scope)
        .order_by()
        .values("pii_principal_id")
    )


def choosing(purpose: str, option: str) -> QuerySet:
    """Keys of people whose last word about `purpose` is this option, as a subquery."""
    events = ConsentEvent.objects.filter(purpose=purpose)
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"),
        purpose=purpose,
        number__gt=OuterRef("number"),
    )
    return events.filter(~Exists(later), choice=option).order_by().values("pii_principal_id")


def running() -> QuerySet[ConsentEvent]:
    """The newest events that allow something, whether their time has run out or not."""
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"),
        purpose=OuterRef("purpose"),
        number__gt=OuterRef("number"),
    )
    return ConsentEvent.objects.filter(~Exists(later), allows__gt=0).select_related(
        "purpose", "statement"
    )
