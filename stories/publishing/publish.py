"""Publish: let an agreed story out, or a paused one back."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from stories import journal
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.problems import is_held
from stories.contributions.states import State
from stories.letters.post import post
from stories.publishing.tasks import ring


def publish(story: Contribution) -> None:
    """A story that was stopped while it waited goes on waiting until its day.

    Raises NotPossible when the story is not agreed, waiting or paused, or is held back while
    somebody looks at what we were told of it (problems.py).
    """
    with transaction.atomic():
        if is_held(story):
            raise NotPossible("somebody looks at what we were told of it")
        if story.state == State.PAUSED and still_waits(story):
            story.move(State.WAITING)
            return
        first = story.published_at is None
        story.move(State.PUBLISHED, published_at=story.published_at or timezone.now())
        line = {"kind": "published", "reference": story.reference, "epoch": story.epoch}
        transaction.on_commit(partial(journal.append, line))
        if first:
            post(story, "published")
        ring(story.pk)


def still_waits(story: Contribution) -> bool:
    """Whether the days in which anybody may think again are not over."""
    ends = story.publish_after
    return story.published_at is None and ends is not None and ends > timezone.now()
