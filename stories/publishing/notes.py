"""Other content notes for a story that is let out already, and where they apply."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.noted import Passage, as_kept
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.publishing.agree import version_to_agree
from stories.publishing.approve import SeenOtherwise, has_agreed_to, summary_of, unnoted
from stories.publishing.words import STANDING, put_in_force


def change_notes(
    story: Contribution,
    moderator,
    notes: list[str],
    passages: Iterable[Passage],
    remark: str,
    *,
    seen: int,
) -> StoryVersion:
    """Freeze the version in force once more with these notes (slugs), and show it.

    A remark is words of ours: one that the contributor has not agreed to waits for their yes.
    `seen`: the version that the moderator had before them. Raises SeenOtherwise when it is another
    by now, NotPossible when the story is not let out or waits for an answer of its contributor.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.state not in STANDING or version_to_agree(story) is not None:
            raise NotPossible("it is not let out, or waits for its contributor")
        try:
            before = version_of(story)
        except NothingFrozen:
            raise NotPossible("nothing was approved") from None
        if before.number != seen:
            raise SeenOtherwise("another version is in force")
        kept = as_kept(passages)
        agreed = not remark or has_agreed_to(story, remark)
        story.decide()
        version = StoryVersion.objects.create(
            **{name: getattr(before, name) for name in FROZEN}
            | {
                "contribution": story,
                "number": story.versions.count() + 1,
                "content_notes": notes,
                "noted_passages": kept,
                "note_remark": remark,
                "summary": summary_of(unnoted(before.words, story.upload, kept)),
                "approved_by": moderator,
                "agreed_at": timezone.now() if agreed else None,
            }
        )
        story.keep(objection="")
        log(instance=story, action="stories.notes", user=moderator, content_changed=False)
        if agreed:
            put_in_force(story, version)
        else:
            post(story, "look", about=str(version.number))
    return version
