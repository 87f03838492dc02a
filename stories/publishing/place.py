"""The place of a recording in a podcast: the archive's own order, which holds at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from stories.contributions.models import Contribution, NotPossible
from stories.pages.series import EpisodePlace, PodcastSeries


class NumberTaken(NotPossible):
    """Another episode of the series has this number."""


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
