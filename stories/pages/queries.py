"""The one rule of visibility."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from wagtail.models import PageManager, PageQuerySet

from media_pipeline import api as media
from stories.consent.exits import BY_NAME, OWN
from stories.consent.reading import choosing, holding
from stories.consent.vocabulary import family
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion
from stories.pages.bulk import prepared

# The rendition that a story is heard by; it is watched by any of media.SILENT_FILMS.
SOUND = "audio.m4a"


def everybody_allows(purpose: str, scope: int = 1, instead: Iterable[str] = ()) -> Q:
    """The contributor allows it this widely, and so does everybody else in the recording.

    `instead`: or has chosen one of these options of it. What is each person's own (OWN) is the
    contributor's alone to allow.
    """
    mine = Q(contribution__contributor_key__in=holding(purpose, scope))
    someone = Participant.objects.filter(contribution=OuterRef("contribution_id"))
    refuses = someone.exclude(state=Participant.State.CUT).exclude(key__in=holding(purpose, scope))
    for option in instead:
        mine |= Q(contribution__contributor_key__in=choosing(purpose, option))
        refuses = refuses.exclude(key__in=choosing(purpose, option))
    return mine if purpose in OWN else mine & ~Q(Exists(refuses))


@cache
def exit_is_open(name: str) -> Q:
    """The registry's exit, as a condition on stories: built once, true at the time of asking.

    Raises ValueError for an exit that depends on a choice: ask exits_of() of each story.
    """
    door = BY_NAME[name]
    if door.choice:
        raise ValueError(f"{name} depends on a choice")
    wanted, some = Q(), Q()
    for purpose in sorted(door.every):
        wanted &= everybody_allows(purpose, door.scope.get(purpose, 1))
    for purpose, options in door.either:
        wanted &= everybody_allows(purpose, door.scope.get(purpose, 1), options)
    for purpose in sorted(door.some):
        some |= everybody_allows(purpose, door.scope.get(purpose, 1))
    return wanted & some


class StoryQuerySet(PageQuerySet):
    """Stories, and who may meet them."""

    def with_exit(self, name: str) -> StoryQuerySet:
        """Those for which an exit is open now. Raises ValueError as exit_is_open()."""
        return self.filter(exit_is_open(name))

    def with_kind(self) -> StoryQuerySet:
        """Each with `kind_now`: how it can be taken in at this moment, as StoryPage.kind says."""
        as_is = ~Q(version__face="as_is") | exit_is_open("own_face")
        own = ~Q(version__voice="own") | exit_is_open("own_voice")
        film = Q(version__renditions__has_any_keys=media.SILENT_FILMS)
        seen = film & exit_is_open("picture") & as_is
        heard = Q(version__renditions__has_key=SOUND) & exit_is_open("sound") & own
        kind = Case(
            When(seen, then=Value(StoryVersion.Kind.WATCH.value)),
            When(heard, then=Value(StoryVersion.Kind.LISTEN.value)),
            default=Value(StoryVersion.Kind.READ.value),
        )
        return self.annotate(kind_now=kind)

    def public(self) -> StoryQuerySet:
        """Published by the decision in force, with some consent to publish that is valid now."""
        return self._published().with_exit("page")

    def still_listed(self, references: Iterable[str]) -> list[Any]:
        """Those of these references that are listed at this moment, prepared to be shown."""
        return self.listed_now(Q(contribution__reference__in=list(references)))

    def listed_now(self, few: Q) -> list[Any]:
        """Those of a few that are listed at this moment, prepared to be shown.

        As public_one(): the registry is asked itself. listed() reads what everybody has said, of
        however few stories it is asked.
        """
        found = prepared(self._published().filter(few))
        return [story for story in found if {"page", "listing"} <= story.exits]

    def public_one(self, **named: Any) -> Any:
        """The public story with this slug, or other field; None where there is none.

        The same rule. For one story the registry is asked itself: to build it into a query takes
        ten times as long as to read what one story's people have said.
        """
        placed = self._published().select_related("contribution__episode_place__series")
        story = placed.filter(**named).first()
        return story if story and "page" in story.exits else None

    def _published(self) -> StoryQuerySet:
        newer = StoryVersion.objects.filter(
            contribution=OuterRef("contribution_id"),
            number__gt=OuterRef("version__number"),
            agreed_at__isnull=False,
        )
        published = self.filter(~Exists(newer), live=True, contribution__state=State.PUBLISHED)
        return published.select_related("contribution", "version")

    def listed(self) -> StoryQuerySet:
        """Public, and allowed in lists, search, related stories and counts."""
        return self.public().with_exit("listing")

    def listed_among(self, references: Iterable[str]) -> set[str]:
        """Those of a few references that are still_listed()."""
        return {story.contribution.reference for story in self.still_listed(references)}

    def newest(self) -> StoryQuerySet:
        return self.order_by("-contribution__published_at", "-pk")

    def with_theme(self, slug: str) -> StoryQuerySet:
        """Stories of a theme or of one below it."""
        return self.about(family(slug))

    def about(self, themes: Iterable[str]) -> StoryQuerySet:
        """Stories of one of these themes, by their slugs.

        Slugs are plain words, so a quoted one in the JSON list is exactly that theme.
        """
        found = Q()
        for name in themes:
            found |= Q(version__themes__icontains=f'"{name}"')
        return self.filter(found)


# SQL that gives each text of a JSON list: one parameter, however long the list.
_EACH = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT jsonb_array_elements_text(%s::jsonb)",
}


def among(references: Iterable[str]) -> QuerySet:
    """Those of some references that are stories, as a subquery that is quick to make: for who has
    asked already which of them are listed."""
    each = RawSQL(_EACH[connection.vendor], [json.dumps(list(references))])  # noqa: S611
    return Contribution.objects.filter(reference__in=each).order_by().values("reference")


StoryManager = PageManager.from_queryset(StoryQuerySet)
