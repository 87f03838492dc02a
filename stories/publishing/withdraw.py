"""Withdraw: gone for everybody in one transaction, then closed step by step."""

from __future__ import annotations

from django.db import transaction

from search import api as search
from stories.consent.record import withdraw_all
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.contributions.tombstones import bury, story_path
from stories.pages.models import StoryPage
from stories.publishing.tasks import ring


def withdraw(story: Contribution) -> None:
    """Hide at once. From the commit on, page, media and search answer as if it never was.

    Raises NotPossible when it was taken back already.
    """
    with transaction.atomic():
        page = StoryPage.objects.filter(contribution=story).first()
        story.move(State.WITHDRAWN)
        withdraw_all(story.contributor_key)
        search.hide(story.reference, story.epoch)
        # Last, because the journal can't be rolled back.
        bury(story.reference, story_path(page.slug) if page else "", story.epoch)
        ring(story.pk)
