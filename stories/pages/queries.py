"""The one rule of visibility."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from wagtail.models import PageManager, PageQuerySet

from stories.consent.exits import PUBLISHING
from stories.consent.record import holding
from stories.consent.vocabulary import family
from stories.contributions.states import State


class StoryQuerySet(PageQuerySet):
    """Stories, and who may meet them."""

    def public(self) -> StoryQuerySet:
        """Published by the decision in force, with some consent to publish that is valid now."""
        consented = Q()
        for purpose in sorted(PUBLISHING):
            consented |= Q(contribution__contributor_key__in=holding(purpose))
        return self.filter(
            consented,
            live=True,
            contribution__state=State.PUBLISHED,
            epoch=F("contribution__epoch"),
        ).select_related("contribution", "version")

    def listed(self) -> StoryQuerySet:
        """Public, and allowed in lists, search, related stories and counts."""
        return self.public().filter(contribution__contributor_key__in=holding("site_search"))

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
