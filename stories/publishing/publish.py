"""Publish: let an agreed story out, or a paused one back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.tasks import ring


def publish(story: Contribution) -> None:
    """Raises NotPossible when the story is not agreed, waiting or paused."""
    with transaction.atomic():
        story.move(State.PUBLISHED, published_at=story.published_at or timezone.now())
        ring(story.pk)
