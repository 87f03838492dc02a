"""Words of ours beside a recording: its chapters, and what its picture shows and nobody says.

They are words beside somebody's story: frozen in a version, and out only when the contributor has
looked and agreed.
"""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from wagtail.log_actions import log

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.publishing.agree import version_to_agree
from stories.publishing.tasks import ring
from stories.publishing.words import STANDING, refuse

# A field of the version, each with an action of its own in the log.
Part = Literal["chapters", "picture_in_words"]


def version_with(story: Contribution, part: Part) -> StoryVersion | None:
    """The version whose words staff have before them: one that waits with other words in this
    part and nothing else, or the one in force; None where a story can have none now."""
    if story.state not in STANDING:
        return None
    try:
        before = version_of(story)
    except NothingFrozen:
        return None
    if before.asset_id is None or (part == "picture_in_words" and not before.face):
        return None
    return version_to_agree(story) if waits_with(story) == part else before


def waits_with(story: Contribution) -> str:
    """The one part in which the version that waits for its contributor differs; "" for more."""
    waits = version_to_agree(story)
    if waits is None or story.state not in STANDING:
        return ""
    before = version_of(story)
    apart = {name for name in FROZEN if getattr(waits, name) != getattr(before, name)}
    apart.discard("number")
    return apart.pop() if len(apart) == 1 else ""


def offer(story: Contribution, moderator, part: Part, words: list[dict] | str) -> bool:
    """Freeze the version in force with these words and ask the contributor to look.

    False when they are its words already. Raises NotPossible while something else waits for
    their answer, and for a story that can have none.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        shown = version_with(story, part)
        waits = version_to_agree(story)
        if shown is None or (waits is not None and waits != shown):
            raise NotPossible("it can have none now")
        if words == getattr(shown, part):
            return False
        story.decide()
        story.keep(objection="")
        log(instance=story, action=f"stories.{part}", user=moderator, content_changed=False)
        before = version_of(story)
        if words == getattr(before, part):
            refuse(story)  # staff took back what they had asked
            ring(story.pk)
            return True
        version = StoryVersion.objects.create(
            **{name: getattr(before, name) for name in FROZEN}
            | {
                "contribution": story,
                "number": story.versions.count() + 1,
                part: words,
                "approved_by": moderator,
                "agreed_at": None,
            }
        )
        post(story, "look", about=str(version.number))
        ring(story.pk)
    return True
