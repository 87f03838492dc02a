"""Chapters of a recording, and its place in a podcast.

Chapter titles are words beside somebody's story: they are frozen in a version, and out only when
the contributor has looked and agreed. A place is the archive's own order, and holds at once.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.pages.series import EpisodePlace, PodcastSeries
from stories.publishing.agree import version_to_agree
from stories.publishing.tasks import ring
from stories.publishing.words import STANDING, refuse


class NumberTaken(NotPossible):
    """Another episode of the series has this number."""


def version_with_chapters(story: Contribution) -> StoryVersion | None:
    """The version whose chapters staff have before them: one that waits with other chapters and
    nothing else, or the one in force; None where a story can have no chapters now."""
    if story.state not in STANDING:
        return None
    try:
        before = version_of(story)
    except NothingFrozen:
        return None
    if before.asset_id is None:
        return None
    waits = version_to_agree(story)
    return waits if waits and _only_chapters_differ(waits, before) else before


def offer_chapters(story: Contribution, moderator, chapters: list[dict]) -> bool:
    """Freeze the version in force with these chapters and ask the contributor to look.

    False when they are its chapters already. Raises NotPossible while something else waits for
    their answer, and for a story that can have none.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        shown = version_with_chapters(story)
        waits = version_to_agree(story)
        if shown is None or (waits is not None and waits != shown):
            raise NotPossible("it can have no chapters now")
        if chapters == shown.chapters:
            return False
        story.decide()
        story.keep(objection="")
        log(instance=story, action="stories.chapters", user=moderator, content_changed=False)
        before = version_of(story)
        if chapters == before.chapters:
            refuse(story)  # staff took back what they had asked
            ring(story.pk)
            return True
        frozen = {name: getattr(before, name) for name in FROZEN}
        version = StoryVersion.objects.create(
            **frozen
            | {
                "contribution": story,
                "number": story.versions.count() + 1,
                "chapters": chapters,
                "approved_by": moderator,
                "agreed_at": None,
            }
        )
        post(story, "look", about=str(version.number))
        ring(story.pk)
    return True


def place(
    story: Contribution, moderator, series: PodcastSeries, number: int | None
) -> EpisodePlace:
    """Let a story be an episode of this series, from now on. Raises NumberTaken, and NotPossible
    when the story was taken back."""
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.is_taken_back:
            raise NotPossible("it is taken back")
        # One at a time in a series, so that no number is given twice.
        PodcastSeries.objects.select_for_update().get(pk=series.pk)
        others = EpisodePlace.objects.filter(series=series, number=number)
        if number is not None and others.exclude(contribution=story).exists():
            raise NumberTaken
        found, _ = EpisodePlace.objects.update_or_create(
            contribution=story,
            defaults={"series": series, "number": number, "placed_at": timezone.now()},
        )
        log(instance=story, action="stories.place", user=moderator, content_changed=False)
    return found


def _only_chapters_differ(one: StoryVersion, other: StoryVersion) -> bool:
    apart = {name for name in FROZEN if getattr(one, name) != getattr(other, name)}
    return apart <= {"number", "chapters"}
