"""Which picture stands there before a film begins: chosen before it is approved, then frozen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State

OPEN = (State.SUBMITTED, State.IN_REVIEW)
WHERE = ("Near the beginning", "Near the middle", "Later on")


@dataclass(frozen=True)
class Candidate:
    """A picture from the film: its rendition's `name`, `where` it is from, is it `shown`."""

    name: str
    where: str
    shown: bool


def candidates(story: Contribution) -> list[Candidate]:
    """What there is to choose from; empty once it is decided, and where there is no choice."""
    if story.state not in OPEN or story.upload is None:
        return []
    made = media.renditions(story.upload.asset_id)
    if media.POSTER not in made:
        return []
    shown = made[media.POSTER].sha256
    named = zip(media.POSTERS, WHERE, strict=True)
    found = [Candidate(name, at, made[name].sha256 == shown) for name, at in named if name in made]
    return found if len(found) > 1 else []


def choose(story: Contribution, moderator, name: str) -> bool:
    """Show this picture. False when it is shown already, or there is no such.

    Whoever had the page open meanwhile has to look again before approving. Raises NotPossible
    once it is decided, and StoreFailed.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.state not in OPEN or story.upload is None:
            raise NotPossible("it is decided")
        if media.progress(story.upload.asset_id).state != "done":
            raise NotPossible("it is being made")
        if not media.choose_poster(story.upload.asset_id, name):
            return False
        story.decide()
        log(instance=story, action="stories.poster", user=moderator, content_changed=False)
    return True
