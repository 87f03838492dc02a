"""Another language for a written story, where what its writer chose in the form is not right."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from stories.contributions.languages import NAMES
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.contributions.versions import FROZEN, StoryVersion, version_of
from stories.publishing.agree import version_to_agree
from stories.publishing.approve import SeenOtherwise, language_of
from stories.publishing.words import STANDING, put_in_force

BEFORE_APPROVAL = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED)


def may_be_corrected(story: Contribution) -> bool:
    """Whether there is a written story whose language can be put right now."""
    if story.kind != Contribution.Kind.WRITTEN:
        return False
    return story.state in (*BEFORE_APPROVAL, State.APPROVED, *STANDING)


def correct_language(story: Contribution, moderator, language: str, *, seen: int) -> bool:
    """Say in which language it is written, by its code in NAMES; False when it was that already.

    Before approval this corrects the answer. Afterwards the version in force is frozen once more,
    as with content notes: no word of the story changes, so nothing is asked. `seen`: the epoch
    that the moderator had before them. Raises ValueError for a code that is not in NAMES,
    SeenOtherwise when the story was changed meanwhile, and NotPossible while a version waits for
    its contributor, who has to find just that one, and where there is nothing to correct.
    """
    if language not in NAMES:
        raise ValueError("no language of the list")
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if not may_be_corrected(story) or version_to_agree(story) is not None:
            raise NotPossible("it is no written story, or waits for its contributor")
        if seen != story.epoch:
            raise SeenOtherwise("it was changed meanwhile")
        if language == (story.private.language or "en"):
            return False
        story.decide()
        story.keep(language=language)
        log(instance=story, action="stories.language", user=moderator, content_changed=False)
        if story.state in STANDING:
            put_in_force(story, _frozen_once_more(story, moderator))
    return True


def _frozen_once_more(story: Contribution, moderator) -> StoryVersion:
    before = version_of(story)
    return StoryVersion.objects.create(
        **{name: getattr(before, name) for name in FROZEN}
        | {
            "contribution": story,
            "number": story.versions.count() + 1,
            "language": language_of(story.private, None),
            "approved_by": moderator,
            "agreed_at": timezone.now(),
        }
    )
