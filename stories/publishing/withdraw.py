"""Withdraw: gone for everybody in one transaction, then closed step by step."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from search import api as search
from stories.consent.events import EventState
from stories.consent.reading import latest_events
from stories.consent.record import CONTRIBUTOR, By, end
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.contributions.tombstones import bury, story_path
from stories.letters.post import post
from stories.pages.models import StoryPage
from stories.publishing import manifest
from stories.publishing.closing import list_what_to_close
from stories.publishing.tasks import ring


def withdraw(
    story: Contribution, *, by: By = CONTRIBUTOR, destroy_after: datetime | None = None
) -> None:
    """Hide at once. From the commit on, page, media and search answer as if it never was.

    What is ours is kept for KEEP_DAYS, or until `destroy_after`, so that a copy can be taken;
    destroy() does not wait. Raises NotPossible when it was taken back already.
    """
    now = timezone.now()
    with transaction.atomic():
        # As it is now: whatever was decided since the button was shown, taking down wins.
        story.refresh_from_db(from_queryset=Contribution.objects.select_for_update(no_key=True))
        page = StoryPage.objects.filter(contribution=story).first()
        was_out = story.published_at is not None
        story.move(
            State.WITHDRAWN,
            withdrawn_at=now,
            destroy_after=destroy_after or now + timedelta(days=settings.KEEP_DAYS),
        )
        manifest.write(story)
        list_what_to_close(story, was_out=was_out)
        for event in latest_events(story.contributor_key):
            if event.is_yes:
                end(event, EventState.WITHDRAWN, by)
        for person in story.participants.all():
            for event in latest_events(person.key):
                if event.is_yes:
                    end(event, EventState.REVOKED, by)
        search.hide(story.reference, story.epoch)
        post(story, "gone")
        # Last, because the journal can't be rolled back.
        bury(story.reference, story_path(page.slug) if page else "", story.epoch)
        ring(story.pk)


def destroy(story: Contribution) -> None:
    """Do not wait any longer. Raises NotPossible unless the story was taken down."""
    with transaction.atomic():
        decided = Contribution.objects.filter(pk=story.pk, state=State.WITHDRAWN).update(
            destroy_after=timezone.now(), epoch=F("epoch") + 1
        )
        if not decided:
            raise NotPossible("it is not taken down, or destroyed already")
        story.refresh_from_db()
        ring(story.pk)


def destroy_due() -> int:
    """Those whose days are over. Ones that are being destroyed already are left to it."""
    due = Contribution.objects.filter(
        state=State.WITHDRAWN, destroy_after__lte=timezone.now(), reconciled_epoch=F("epoch")
    )
    for story in due:
        destroy(story)
    return len(due)
