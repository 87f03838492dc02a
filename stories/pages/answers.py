"""A list of stories that answers what was asked: for the search page, the list of all, and JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict

from search import api as search
from stories.pages import asked as asking
from stories.pages.asked import Asked
from stories.pages.facets import WITHOUT, Facet, Option, Row, Words, counted, narrowed, rows_of
from stories.pages.models import StoryPage
from stories.pages.queries import among
from stories.pages.synonyms import synonyms


@dataclass(frozen=True)
class Answer:
    """One page of stories, and all about it.

    asked: what was understood, with the number of the page that this is. total: stories in all.
    stories: this page's, ready to be shown. hits: {reference: hit} of them where words were looked
    for. matches: how the words were read, None where there were none. facets: {name: facet}.
    unnarrowed: how many stories there would be with nothing chosen.
    """

    asked: Asked
    total: int
    pages: int
    stories: list[StoryPage] = field(default_factory=list)
    hits: dict[str, search.Hit] = field(default_factory=dict)
    matches: search.Matches | None = None
    facets: dict[str, Facet] = field(default_factory=dict)
    unnarrowed: int = 0

    @property
    def problem(self) -> str:
        """Why the words could not be looked for, as a sentence for the visitor; else ""."""
        return self.matches.problem if self.matches else ""

    @property
    def resting(self) -> bool:
        """The search server is away."""
        return bool(self.matches and self.matches.resting)

    @property
    def to_choose(self) -> list[Facet]:
        """The facets that give a choice, in their order; format apart, and what to leave out."""
        apart = {"kind", WITHOUT}
        return [each for name, each in self.facets.items() if name not in apart and each.helps]

    @property
    def left_out(self) -> Facet:
        return self.facets[WITHOUT]

    @property
    def kinds(self) -> Facet:
        return self.facets["kind"]

    @property
    def chosen(self) -> list[tuple[str, Option]]:
        """(facet's name, value) of all that is chosen, but for the formats, in their order."""
        facets = [each for each in self.facets.values() if each is not self.kinds]
        return [(each.name, option) for each in facets for option in each.chosen]


def answer(params: QueryDict, page_size: int) -> Answer:
    """What a visitor asks: ?q= words; the facets' names and `without`, each as often as liked;
    ?sort=; ?page=, of which one too high is the last. Unknown values are passed over.

    Never raises for what it is asked, nor for a search server that is away.
    """
    rows = rows_of(StoryPage.objects.listed())
    words = Words(rows)
    asked = asking.read(params, words)
    matches = None
    visible = among(row.reference for row in rows)
    if asked.query:
        matches = search.matching(asked.query, visible=visible, synonyms=synonyms())
        rows = [row for row in rows if row.reference in matches.scores]
    found = in_order(narrowed(rows, asked.chosen, words), asked.sort, matches)
    pages = max(1, -(-len(found) // page_size))
    asked = asked.at(min(asked.page, pages))
    start = (asked.page - 1) * page_size
    shown = found[start : start + page_size]
    hits: dict[str, search.Hit] = {}
    if matches and shown:
        try:
            given = search.hits(matches, [row.reference for row in shown], visible=visible)
            hits = {hit.document_id: hit for hit in given}
        except search.SearchAway:
            matches = search.Matches(problem=str(search.RESTING), resting=True)
            rows, found, pages = [], [], 1
        shown = [row for row in shown if row.reference in hits]
    # What was decided meanwhile counts.
    still = StoryPage.objects.still_listed([row.reference for row in shown])
    stories = {story.reference: story for story in still}
    return Answer(
        asked=asked,
        total=len(found),
        pages=pages,
        stories=[stories[row.reference] for row in shown if row.reference in stories],
        hits=hits,
        matches=matches,
        unnarrowed=len(rows),
        facets=counted(rows, asked.chosen, words),
    )


def in_order(rows: list[Row], sort: str, matches: search.Matches | None) -> list[Row]:
    """Rows come newest first; what is alike stays so, whatever the order."""
    match sort:
        case asking.BEST if matches:
            place = {reference: number for number, reference in enumerate(matches.scores)}
            return sorted(rows, key=lambda row: place[row.reference])
        case asking.SHORTEST:
            return sorted(rows, key=lambda row: row.minutes)
        case asking.LONGEST:
            return sorted(rows, key=lambda row: -row.minutes)
        case _:
            return rows
