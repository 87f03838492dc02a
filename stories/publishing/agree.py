"""Agree: the contributor says yes to the exact version, and it may go out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion
from stories.letters.post import post
from stories.publishing.publish import publish
from stories.publishing.tasks import ring
from stories.publishing.words import STANDING, put_in_force, refuse

NO_WORDS = "Not like this."


def version_to_agree(story: Contribution) -> StoryVersion | None:
    """The version that waits for the contributor's yes; None when nothing does.

    In a story that is let out already it is one with other words to its recording (words.py), or
    with the recording made anew (remade.py).
    """
    if story.state not in (State.APPROVED, *STANDING):
        return None
    newest = story.versions.last()
    return newest if newest and newest.agreed_at is None else None


def agree(story: Contribution, version: StoryVersion) -> None:
    """Raises NotPossible when another version stands there by now, or somebody decided first."""
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if version_to_agree(story) != version:
            raise NotPossible("another version is to be looked at")
        version.agree()
        if story.state != State.APPROVED:
            story.decide()
            put_in_force(story, version)
            return
        story.move(State.AGREED)
        go_out(story)


def say_no(story: Contribution, why: str) -> None:
    """Not like this: back to the moderators, with the contributor's own words. What is out goes on
    as it is, without the recording that was made anew.

    Raises NotPossible when nothing waits for an answer.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if version_to_agree(story) is None:
            raise NotPossible("nothing waits for an answer")
        if story.state == State.APPROVED:
            story.move(State.IN_REVIEW)
        else:
            story.decide()
            refuse(story)
            ring(story.pk)
            why = why or NO_WORDS
        story.keep(objection=why)


def go_out(story: Contribution) -> None:
    """Publish an agreed story, after the days in which anybody may think again."""
    if settings.COOLING_OFF_DAYS:
        after = timezone.now() + timedelta(days=settings.COOLING_OFF_DAYS)
        story.move(State.WAITING, publish_after=after)
        post(story, "waiting", about=str(story.epoch))
    else:
        publish(story)
