"""What is let go of a contributor's own things when its time is over (the table: retention.py)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from media_pipeline import api as media
from stories.consent.events import ConsentEvent
from stories.consent.record import CLOCK
from stories.contributions.models import Contribution, Upload
from stories.contributions.states import TAKEN_BACK, State
from stories.letters.models import Letter
from stories.letters.sending import MOST_ATTEMPTS
from stories.publishing.discard import discard
from stories.publishing.one_by_one import one_by_one
from stories.publishing.withdraw import withdraw

# Sealed texts can't be searched: some stories are opened each minute, whichever, until all were.
LOOKS = 200


def _untouched(age: timedelta) -> QuerySet[Contribution]:
    return Contribution.objects.filter(saved_at__lt=timezone.now() - age)


def remove_old_drafts(age: timedelta) -> int:
    """Drafts that nobody came back to."""
    return one_by_one("old drafts", _untouched(age).filter(state=State.DRAFT), discard)


def take_down_declined(age: timedelta) -> int:
    """Declined stories: taken back by the clock, and not kept any longer."""
    return one_by_one(
        "declined stories",
        _untouched(age).filter(state=State.DECLINED),
        lambda story: withdraw(story, by=CLOCK, destroy_after=timezone.now()),
    )


def forget_messages(age: timedelta) -> int:
    """Messages about stories that were decided on long ago.

    One that still waits for somebody keeps its messages; a declined one goes as a whole.
    """
    decided = _untouched(age).filter(state__in=[State.PUBLISHED, State.PAUSED])
    return one_by_one("messages", decided.order_by("?")[:LOOKS], _forget_messages_of)


def _forget_messages_of(story: Contribution) -> bool:
    private = story.private
    if not (private.reply or private.objection):
        return False
    _forget(story, "reply", "objection")
    return True


def forget_addresses(age: timedelta) -> int:
    """E-mail addresses of people who have not been here for long. Letters to them go first."""
    on_its_way = Letter.objects.filter(
        contribution=OuterRef("pk"),
        state__in=[Letter.State.DUE, Letter.State.FAILED],
        attempts__lt=MOST_ATTEMPTS,
    )
    answered = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("contributor_key"), event_time__gte=timezone.now() - age
    ).exclude(entity_id=ConsentEvent.Entity.ARCHIVE)
    silent = _untouched(age).filter(~Exists(answered), ~Exists(on_its_way)).exclude(email_hash="")
    silent = silent.exclude(state__in=[State.DRAFT, *TAKEN_BACK])
    return one_by_one("addresses", silent, lambda story: _forget(story, "email"))


def _forget(story: Contribution, *texts: str) -> None:
    """Empty these texts. It is not the contributor who was here: `saved_at` stays what it was."""
    with transaction.atomic():
        before = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        story.keep(**dict.fromkeys(texts, ""))
        Contribution.objects.filter(pk=story.pk).update(saved_at=before.saved_at)


def remove_originals(age: timedelta) -> int:
    """Recordings as they were sent, of stories whose contributors wanted only what is shown kept.

    One that is not prepared yet is passed by until it is.
    """
    out = Contribution.objects.filter(
        keep_original=False,
        published_at__lte=timezone.now() - age,
        state__in=[State.PUBLISHED, State.PAUSED],
    )
    uploads = Upload.objects.filter(contribution__in=out)
    removed, bundle = 0, 500  # fewer than a database takes as parameters
    assets: list[UUID] = list(uploads.values_list("asset_id", flat=True))
    for at in range(0, len(assets), bundle):
        kept = media.to_drop(assets[at : at + bundle])
        removed += one_by_one("originals", kept, media.drop_original)
    return removed
