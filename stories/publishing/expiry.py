"""Consents end when their time is over; before that, and then, their giver is written to.

Reading asks the time itself (consent/reading.py), so every exit is shut from the very second on.
What is done here is what has to stand in the records and in the index. A clock that was ahead and
is set back revives nothing: the event stands.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from media_pipeline import api as media
from stories.consent.events import ConsentEvent, EventState
from stories.consent.exits import EXITS, PUBLISHING
from stories.consent.reading import running
from stories.consent.record import CLOCK, end
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.contributions.states import TAKEN_BACK, State
from stories.letters.endings import about_ending, day_of
from stories.letters.models import Letter
from stories.letters.post import post
from stories.publishing.answer import close_at_once
from stories.publishing.one_by_one import one_by_one
from stories.publishing.pause import pause
from stories.publishing.tasks import ring

REMINDERS = (30, 90)  # days before the end
LAST_REMINDER = timedelta(days=min(REMINDERS))


def expire() -> int:
    """End what has run out; return for how many people."""
    over = running().filter(expires_at__lte=timezone.now())
    people = set(over.values_list("pii_principal_id", flat=True))
    return one_by_one("ending consents", people, end_consents_of)


def end_consents_of(person: uuid.UUID) -> bool:
    """Record the end of everything of one person that has run out, and close what it opened.

    False when it was renewed or taken back a moment ago.
    """
    with transaction.atomic():
        story = _story_of(person)
        over = list(running().filter(pii_principal_id=person, expires_at__lte=timezone.now()))
        for event in over:
            end(event, EventState.EXPIRED, CLOCK)
        if over and story and not story.is_taken_back:
            _close(story, over)
    return bool(over)


def _story_of(person: uuid.UUID) -> Contribution | None:
    """The story of a contributor, or of somebody else in it; locked, so that nobody answers now."""
    own = Q(contributor_key=person)
    theirs = Q(pk__in=Participant.objects.filter(key=person).values("contribution"))
    return Contribution.objects.select_for_update(no_key=True).filter(own | theirs).first()


def _close(story: Contribution, over: list[ConsentEvent]) -> None:
    ended = frozenset(event.purpose_id for event in over)
    story.decide()
    close_at_once(story, frozenset(door.name for door in EXITS if door.purposes & ended))
    if "automatic_transcription" in ended and story.upload:
        # Nothing more is heard. What was heard while it was allowed was agreed by itself.
        media.end_hearing(story.upload.asset_id)
    if settings.ON_SILENCE == "unpublish" and ended & PUBLISHING:
        with suppress(NotPossible):  # it is not out
            pause(story)
    first = min(event.expires_at for event in over if event.expires_at)
    post(story, Letter.Kind.ENDED, about=day_of(first))
    ring(story.pk)


def remind() -> int:
    """Post the letters that say what ends soon; return how many are new."""
    now = timezone.now()
    soon = running().filter(
        expires_at__gt=now, expires_at__lte=now + timedelta(days=max(REMINDERS))
    )
    stories = _stories_by_person(soon)
    due: dict[tuple[int, str], Contribution] = {}
    facts = soon.values_list("pii_principal_id", "expires_at", "validity_days")
    for person, ends, validity in facts.iterator():
        days = _reminder(ends - now, validity) if ends else None
        if ends and days and person in stories:
            story = stories[person]
            due[story.pk, about_ending(days, ends)] = story
    posted = set(
        Letter.objects.filter(kind=Letter.Kind.ENDING).values_list("contribution_id", "about")
    )
    new = [(story, about) for (pk, about), story in due.items() if (pk, about) not in posted]
    return one_by_one("reminding", new, lambda pair: post(pair[0], Letter.Kind.ENDING, pair[1]))


def _reminder(left: timedelta, validity: int) -> int | None:
    """Which reminder is due; None for a consent that was given for no longer than that."""
    days = min(days for days in REMINDERS if left <= timedelta(days=days))
    return days if validity > days else None


def _stories_by_person(events: QuerySet[ConsentEvent]) -> dict[uuid.UUID, Contribution]:
    """{key of a contributor or participant: their story}, where somebody can be written to."""
    keys = events.order_by().values("pii_principal_id")
    stories = _living().exclude(email_hash="")
    found = {story.contributor_key: story for story in stories.filter(contributor_key__in=keys)}
    others = Participant.objects.exclude(state=Participant.State.CUT).filter(
        key__in=keys, contribution__in=stories
    )
    return found | {person.key: person.contribution for person in others.select_related()}


def _living() -> QuerySet[Contribution]:
    """Stories whose consents matter to somebody: sent, not refused, not taken back."""
    return Contribution.objects.exclude(state__in=[State.DRAFT, State.DECLINED, *TAKEN_BACK])


def running_out() -> QuerySet[Contribution]:
    """Stories for a person to look at, where ON_SILENCE says so: a yes ends soon, or has ended.

    From the last reminder on; from the end on where there is no address to write to. A story
    leaves when its contributor has answered, or staff have on their behalf.
    """
    if settings.ON_SILENCE != "review":
        return Contribution.objects.none()
    now = timezone.now()
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"),
        purpose=OuterRef("purpose"),
        number__gt=OuterRef("number"),
    )
    ended = ConsentEvent.objects.filter(~Exists(later), event_state=EventState.EXPIRED)
    over = running().filter(expires_at__lte=now)
    soon = running().filter(
        expires_at__lte=now + LAST_REMINDER, validity_days__gt=LAST_REMINDER.days
    )
    return _living().filter(_of(ended) | _of(over) | (~Q(email_hash="") & _of(soon)))


def _of(events: QuerySet[ConsentEvent]) -> Q:
    """Stories of these events' people."""
    keys = events.order_by().values("pii_principal_id")
    others = Participant.objects.exclude(state=Participant.State.CUT).filter(key__in=keys)
    return Q(contributor_key__in=keys) | Q(pk__in=others.values("contribution"))
