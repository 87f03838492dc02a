"""Widen: a question grew, so everybody who said yes to the smaller one is asked about the rest.

Who is still to be asked is read from the records, so asking can break off anywhere and go on.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from stories.consent import chain
from stories.consent.events import ConsentEvent, EventState
from stories.consent.models import Statement, current_statement
from stories.consent.reading import running
from stories.consent.record import By, Entity, Method, request
from stories.consent.wording import Words, may_widen, write_next
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.states import TAKEN_BACK, State
from stories.letters.post import post

AT_ONCE = 50  # people asked in one transaction; others can write in between


def next_wording(base: Statement, words: Words, *, widens: Collection[str], by: By) -> Statement:
    """Write the next version; where it asks for more (`widens`: purposes), ask who said yes.

    Raises WrittenMeanwhile, NothingChanged, and ValueError as widen().
    """
    with transaction.atomic():
        change = Statement.Change.WIDER if widens else Statement.Change.TYPO
        statement = write_next(base, words, change, by)
        if widens:
            widen(statement, widens, by)
    return statement


def widen(statement: Statement, purposes: Collection[str], by: By) -> None:
    """Ask the first people at once, and the others in the background.

    Raises ValueError for a purpose that the statement does not speak for, and for none.
    """
    if not purposes or not set(purposes) <= set(may_widen(statement.purpose_id)):
        raise ValueError("not what this statement can widen")
    with transaction.atomic():
        for purpose in purposes:
            # Their records keep which purposes were meant; the task finds them there.
            ask_some(statement, purpose, by)
        _ring(statement, purposes)


@task(queue_name="light")
def ask_on(statement_id: int, purpose: str) -> int:
    """Ask some more people and ring for the next; return how many were asked."""
    statement = Statement.objects.get(pk=statement_id)
    by = By(Entity.STAFF, Method.WEB, statement.written_by)
    with transaction.atomic():
        asked = ask_some(statement, purpose, by)
        _ring(statement, [purpose])
    return asked


def finish_widening() -> int:
    """Ring for every question whose people are not all asked yet; return how many rang."""
    rung = 0
    for statement in _newest_wider():
        for purpose in widened_by(statement):
            if to_be_asked(statement, purpose).exists():
                ask_on.enqueue(statement.pk, purpose)
                rung += 1
    return rung


def widened_by(statement: Statement) -> list[str]:
    """The purposes that a wider statement widens, as the records keep it.

    Where nobody was to be asked when it was written, its own: somebody who had the old question
    on the screen may have sent it since.
    """
    asked = _to_this_or_wider(statement).filter(event_state=EventState.REQUESTED)
    return sorted(set(asked.values_list("purpose", flat=True))) or [statement.purpose_id]


def to_be_asked(statement: Statement, purpose: str) -> QuerySet[ConsentEvent]:
    """Newest events of people whose yes is narrower than `statement` and who don't know of it.

    Their yes was to this question. Who sent a video answered the one about video, for the sound
    too, and is asked when that one is widened.
    """
    knows = _to_this_or_wider(statement).filter(
        purpose=purpose, pii_principal_id=OuterRef("pii_principal_id")
    )
    stories = Contribution.objects.exclude(state__in=[*TAKEN_BACK, State.DECLINED])
    people = Participant.objects.filter(contribution__in=stories).exclude(
        state__in=[Participant.State.CUT, Participant.State.LEFT]
    )
    return (
        running()
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
            Q(pii_principal_id__in=stories.values("contributor_key"))
            | Q(pii_principal_id__in=people.values("key")),
            ~Exists(knows),
            purpose=purpose,
            statement__purpose=statement.purpose_id,
            language=statement.language,
            allows__lt=statement.scope,
        )
        .order_by("number")
    )


def ask_some(statement: Statement, purpose: str, by: By) -> int:
    """Ask the next AT_ONCE people, inside atomic(); return how many were asked."""
    wording = current_statement(statement.purpose_id, statement.language)
    first = to_be_asked(statement, purpose).values_list("pii_principal_id", flat=True)[:AT_ONCE]
    stories = _lock_stories(list(first))
    chain.lock()
    # Read again: somebody may have answered, or taken it back, before the lock.
    still = to_be_asked(statement, purpose).filter(pii_principal_id__in=list(stories))
    keys = list(still.values_list("pii_principal_id", flat=True))
    for key in keys:
        request(key, wording, by, purpose=purpose)
        story = stories[key]
        if key == story.contributor_key:
            post(story, "asked", about=f"{statement.purpose_id} {statement.version}")
    return len(keys)


def _lock_stories(keys: list[uuid.UUID]) -> dict[uuid.UUID, Contribution]:
    """{a person's key: their story}, locked. Stories come before the chain, as in every verb."""
    others = dict(Participant.objects.filter(key__in=keys).values_list("key", "contribution"))
    mine = Q(contributor_key__in=keys) | Q(pk__in=others.values())
    locked = list(Contribution.objects.select_for_update(no_key=True).filter(mine).order_by("pk"))
    by_id = {story.pk: story for story in locked}
    own = {story.contributor_key: story for story in locked if story.contributor_key in keys}
    return own | {key: by_id[story] for key, story in others.items()}


def _newest_wider() -> list[Statement]:
    """Of each purpose and language: who is behind an older one is behind this one too."""
    newest: dict[tuple[str, str], Statement] = {}
    for statement in Statement.objects.filter(change=Statement.Change.WIDER).order_by("version"):
        newest[statement.purpose_id, statement.language] = statement
    return list(newest.values())


def _to_this_or_wider(statement: Statement) -> QuerySet[ConsentEvent]:
    """What was asked or answered with these words, or with later ones."""
    return ConsentEvent.objects.filter(
        statement__purpose=statement.purpose_id,
        statement__language=statement.language,
        statement__scope__gte=statement.scope,
    )


def _ring(statement: Statement, purposes: Collection[str]) -> None:
    """Once it is committed, for those purposes of which somebody is still to be asked."""
    for purpose in purposes:
        if to_be_asked(statement, purpose).exists():
            transaction.on_commit(partial(ask_on.enqueue, statement.pk, purpose))
