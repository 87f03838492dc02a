"""The one rule of visibility."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from wagtail.models import PageManager, PageQuerySet

from stories.consent.exits import PUBLISHING
from stories.consent.reading import holding
from stories.consent.vocabulary import family
from stories.contributions.participants import Participant
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion


def everybody_allows(purpose: str) -> Q:
    """The contributor allows it, and so does everybody else who is in the recording."""
    allowing = holding(purpose)
    someone = Participant.objects.filter(contribution=OuterRef("contribution_id"))
    refuses = someone.exclude(state=Participant.State.CUT).exclude(key__in=allowing)
    return Q(contribution__contributor_key__in=allowing) & ~Q(Exists(refuses))


class StoryQuerySet(PageQuerySet):
    """Stories, and who may meet them."""

    def public(self) -> StoryQuerySet:
        """Published by the decision in force, with some consent to publish that is valid now."""
        consented = Q()
        for purpose in sorted(PUBLISHING):
            consented |= everybody_allows(purpose)
        newer = StoryVersion.objects.filter(
            contribution=OuterRef("contribution_id"),
            number__gt=OuterRef("version__number"),
            agreed_at__isnull=False,
        )
        return self.filter(
            consented, ~Exists(newer), live=True, contribution__state=State.PUBLISHED
        ).select_related("contribution", "version")

    def listed(self) -> StoryQuerySet:
        """Public, and allowed in lists, search, related stories and counts."""
        return self.public().filter(everybody_allows("site_search"))

    def newest(self) -> StoryQuerySet:
        return self.order_by("-contribution__published_at", "-pk")

    def in_bulk_by_reference(self, references: list[str]) -> dict[str, Any]:
        """{reference: story} of those that this queryset still holds."""
        found = self.filter(contribution__reference__in=references)
        return {story.contribution.reference: story for story in found}

    def with_theme(self, slug: str) -> StoryQuerySet:
        """Stories of a theme or of one below it.

        Slugs are plain words, so a quoted one in the JSON list is exactly that theme.
        """
        found = Q()
        for name in family(slug):
            found |= Q(version__themes__icontains=f'"{name}"')
        return self.filter(found)


StoryManager = PageManager.from_queryset(StoryQuerySet)
