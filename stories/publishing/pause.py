"""Pause: off the site at once, kept as it is, until somebody lets it back."""

from __future__ import annotations

from django.db import transaction

from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.tasks import ring


def pause(story: Contribution) -> None:
    """Raises NotPossible when the story is not published."""
    with transaction.atomic():
        story.move(State.PAUSED)
        search.hide(story.reference, story.epoch)
        ring(story.pk)
