"""Writing consent events."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stories.consent import chain
from stories.consent.events import ConsentEvent, EventState, Receipt
from stories.consent.models import Purpose, Statement

Entity, Method = ConsentEvent.Entity, ConsentEvent.Method


@dataclass(frozen=True)
class By:
    """Who answers, and how: `actor` is "staff:ID" where staff write it down."""

    entity: str = Entity.SELF
    method: str = Method.WEB
    actor: str = ""

    @classmethod
    def staff(cls, user, method: str) -> By:
        """Staff on the contributor's behalf, after a call or a letter."""
        return cls(Entity.STAFF, method, f"staff:{user.pk}")


CONTRIBUTOR = By()
CLOCK = By(Entity.ARCHIVE, Method.CLOCK)


@dataclass(frozen=True)
class Answer:
    """What was said to a statement. `recipients`: all who are allowed after it, by name.

    `keeps`: a no to one recipient only; what was allowed stays for the `recipients`.
    """

    statement: Statement
    said: str  # "yes" | "no" | "later"
    choice: str = ""
    recipients: Sequence[str] = ()
    keeps: bool = False


def newest(principal: uuid.UUID, purpose: str) -> ConsentEvent | None:
    """The event that says what is allowed for a purpose; None when it was never asked."""
    events = ConsentEvent.objects.filter(pii_principal_id=principal, purpose=purpose)
    return events.order_by("-number").first()


def record(
    principal: uuid.UUID, answer: Answer, *, purpose: str = "", by: By = CONTRIBUTOR
) -> ConsentEvent:
    """Append one answer to one statement.

    `purpose` is for a statement that covers another purpose besides its own. A no or a "not sure
    yet" to a wider question leaves the narrower yes as it was.
    Raises KeyError for another answer, Purpose.DoesNotExist for an unknown purpose.
    """
    asked = Purpose.objects.get(pk=purpose or answer.statement.purpose_id)
    with transaction.atomic():
        chain.lock()  # so that nobody answers between reading and writing
        before = newest(principal, asked.slug)
        held = before.allows if before else 0
        # Another option of a choice answers all of it, not only what the question asks more.
        about_more = held < answer.statement.scope and not answer.choice
        only_more = held > 0 and (answer.keeps or about_more)
        match answer.said:
            case "yes":
                ended = EventState.EXPIRED
                again = held or (before is not None and before.event_state == ended)
                state = EventState.RENEWED if again else EventState.GIVEN
            case "no" if held and not only_more:
                state = EventState.WITHDRAWN
            case "no":
                state = EventState.REFUSED
            case "later":
                state = EventState.DEFERRED
            case other:
                raise KeyError(other)
        if answer.said == "yes":
            return _append(principal, asked, answer, state, answer.statement.scope, by, before)
        return _append(principal, asked, answer, state, held if only_more else 0, by, before)


def end(event: ConsentEvent, state: str, by: By) -> ConsentEvent:
    """Append that a consent has ended (ConsentWithdrawn, ConsentExpired, ConsentRevoked, …)."""
    with transaction.atomic():
        chain.lock()
        return _append(
            event.pii_principal_id, event.purpose, Answer(event.statement, "no"), state, 0, by
        )


def request(
    principal: uuid.UUID, statement: Statement, by: By, *, purpose: str = ""
) -> ConsentEvent:
    """Append that more is asked for. What was allowed before stays as it was.

    `purpose` is for a statement that covers another purpose besides its own.
    Raises Purpose.DoesNotExist for an unknown purpose.
    """
    asked = Purpose.objects.get(pk=purpose or statement.purpose_id)
    with transaction.atomic():
        chain.lock()
        before = newest(principal, asked.slug)
        held = before.allows if before else 0
        answer = Answer(statement, "later", before.choice if before else "")
        return _append(principal, asked, answer, EventState.REQUESTED, held, by, before)


def _append(
    principal: uuid.UUID,
    purpose: Purpose,
    answer: Answer,
    state: str,
    allows: int,
    by: By,
    before: ConsentEvent | None = None,
) -> ConsentEvent:
    now, said_yes = timezone.now(), answer.said == "yes"
    expires = now + timedelta(days=purpose.validity_days) if said_yes else None
    recipients, choice = list(answer.recipients), answer.choice
    if allows and before and before.allows:
        # What stays allowed stays as it was: its time, who may have it, which option.
        expires = expires or before.expires_at
        choice = choice or before.choice
        if not recipients and not answer.keeps:
            recipients = before.recipient_third_parties
    event = chain.link(
        ConsentEvent(
            pii_principal_id=principal,
            purpose=purpose,
            statement=answer.statement,
            statement_sha256=answer.statement.sha256,
            language=answer.statement.language,
            event_state=state,
            allows=allows,
            choice=choice,
            event_time=now,
            validity_days=purpose.validity_days,
            expires_at=expires,
            entity_id=by.entity,
            actor=by.actor,
            indication_method=by.method,
            lawful_basis=purpose.lawful_basis,
            pii_type=purpose.pii_type,
            pii_controllers=[settings.WAGTAIL_SITE_NAME],
            storage_locations=[settings.SITE_ADDRESS],
            retention_period="Until taken back, or five years after the last yes.",
            recipient_third_parties=recipients,
            withdrawal_method="The contributor's private page, by telephone, or by letter.",
        )
    )
    transaction.on_commit(partial(chain.write_to_journal, event))
    return event


def give_receipt(principal: uuid.UUID, kind: str) -> Receipt:
    """A receipt for everything that was answered up to now."""
    last = ConsentEvent.objects.filter(pii_principal_id=principal).order_by("-number").first()
    return Receipt.objects.create(
        pii_principal_id=principal, kind=kind, up_to=last.number if last else 0
    )
