"""Publish: let an agreed story out, or a paused one back."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from stories import journal
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.letters.post import post
from stories.publishing.tasks import ring


def publish(story: Contribution) -> None:
    """Raises NotPossible when the story is not agreed, waiting or paused."""
    with transaction.atomic():
        first = story.published_at is None
        story.move(State.PUBLISHED, published_at=story.published_at or timezone.now())
        line = {"kind": "published", "reference": story.reference, "epoch": story.epoch}
        transaction.on_commit(partial(journal.append, line))
        if first:
            post(story, "published")
        ring(story.pk)
