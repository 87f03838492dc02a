"""Stories to go on to: those that share themes and words with one, where both may be listed.

Themes, titles and summaries are what is compared, in the database and at this moment: the same with
every search engine, and there while a search server is away.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search import api as search
from stories.pages.bulk import name_terms, with_exits

if TYPE_CHECKING:
    from stories.pages.models import StoryPage

MOST = 3
MOST_REASONS = 3
# Of the newest so many: each page looks anew.
MOST_LOOKED_AT = 1_000
# A theme was given by somebody who had taken all of the story in.
OF_A_THEME, OF_A_WORD = 1.0, 0.5


@dataclass(frozen=True)
class Related:
    """A story, and what it shares with the one that is open, in words to show."""

    story: StoryPage
    reasons: list[str]


@dataclass(frozen=True)
class Subjects:
    """What a story is about. words: {as compared: as written}."""

    themes: frozenset[str]
    words: Mapping[str, str]

    @property
    def keys(self) -> dict[tuple[str, str], float]:
        """All of it, with how much each says."""
        return {("theme", slug): OF_A_THEME for slug in self.themes} | {
            ("word", word): OF_A_WORD for word in self.words
        }


def related(page: StoryPage) -> list[Related]:
    """At most three, those that share most first. None for a story that may not be listed.

    Fills in the themes and content notes of the page too, since it asks for those of the others.
    """
    if "listing" not in page.exits:
        return []
    others = type(page).objects.listed().exclude(pk=page.pk)
    # What outside machines may have of this page has to be theirs to have.
    for door in ("outside_search", "ai"):
        if door in page.exits:
            others = others.with_exit(door)
    rows = others.newest().values_list(
        "pk", "version__themes", "version__title", "version__summary"
    )
    own = subjects(page.version.themes, page.title_shown, page.summary)
    found = {pk: subjects(*row) for pk, *row in rows[:MOST_LOOKED_AT]}
    best = nearest(own, found)
    if not best:
        return []
    stories = {story.pk: story for story in with_exits(others.filter(pk__in=best))}
    name_terms([page, *stories.values()])
    return [Related(stories[pk], _reasons(page, own, found[pk])) for pk in best if pk in stories]


def subjects(themes: list[str], title: str, summary: str) -> Subjects:
    return Subjects(frozenset(themes), search.key_words(f"{title}\n{summary}"))


def nearest(own: Subjects, others: Mapping[int, Subjects]) -> list[int]:
    """The keys of those that share most. What few are about says more than what many are."""
    mine = own.keys
    holders = Counter(key for each in others.values() for key in each.keys if key in mine)
    worth = {key: mine[key] * math.log1p(len(others) / holders[key]) for key in holders}
    scores = {pk: sum(worth.get(key, 0.0) for key in each.keys) for pk, each in others.items()}
    shared = [pk for pk in scores if scores[pk] > 0]
    return sorted(shared, key=lambda pk: -scores[pk])[:MOST]


def _reasons(page: StoryPage, own: Subjects, other: Subjects) -> list[str]:
    themes = [term.label for term in page.themes if term.slug in other.themes]
    words = [own.words[word] for word in own.words if word in other.words]
    return [*themes, *words][:MOST_REASONS]
