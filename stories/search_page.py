"""The search page: what a visitor typed, and the moments that answer it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from search import api
from stories.contributions.spoken import agreed_cues
from stories.pages.bulk import prepared
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.show import clock
from stories.pages.synonyms import synonyms

PAGE_SIZE = 10
MOST_DIGITS = 3  # of a page's number
RETRY_SECONDS = 60  # while search rests
LEAD_IN_MS = 1000  # a moment starts a second before its word, so that it is not cut


@dataclass(frozen=True)
class ShownMoment:
    kind: str
    label: str
    url: str
    fragments: list


@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """?q= what was typed, ?page= which ten. The address is the visitor's own and is not logged."""
    query = request.GET.get("q", "").strip()
    typed = request.GET.get("page", "")
    page = max(1, int(typed)) if typed.isdecimal() and len(typed) <= MOST_DIGITS else 1
    context: dict = {"query": query, "results": None, "hits": []}
    if query:
        visible = StoryPage.objects.listed().order_by().values("contribution__reference")
        results = api.find(
            query,
            visible=visible,
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
            synonyms=synonyms(),
        )
        context |= {
            "results": results,
            "looked_for": results.meant if results.corrected else query,
            "hits": shown(results.hits),
            "meant_url": address(results.meant) if results.meant else "",
            "exactly_url": address(results.exactly) if results.exactly else "",
            "next_url": address(query, page + 1) if page * PAGE_SIZE < results.total else "",
            "previous_url": address(query, page - 1) if page > 1 else "",
        }
    response = render(request, "search/results.html", context)
    if context["results"] and context["results"].resting:
        # A whole page all the same. The status keeps machines from taking it for "nothing found".
        response.status_code = 503
        response["Retry-After"] = str(RETRY_SECONDS)
    found = shared_by_all(hit["story"].exits for hit in context["hits"])
    tell_machines(response, found - {"outside_search"})
    return response


def shown(hits: list) -> list[dict]:
    """Hits with their stories, each asked of the database once more."""
    stories = StoryPage.objects.listed().in_bulk_by_reference([hit.document_id for hit in hits])
    prepared(stories.values())
    return [
        {
            "story": stories[hit.document_id],
            "title": hit.title,
            "summary": hit.summary,
            "moments": [
                moment(item, stories[hit.document_id])
                for item in sorted(hit.moments, key=lambda item: item.place)
            ],
        }
        for hit in hits
        if hit.document_id in stories
    ]


def moment(item: api.Moment, story: StoryPage) -> ShownMoment:
    """A moment's own address: seconds for speech that can be played, else the place in the text."""
    if item.kind == api.TEXT:
        place = f"{story.url}#p{item.place}"
        return ShownMoment(item.kind, f"¶ {item.place}", place, item.fragments)
    seconds = max(0, item.place - LEAD_IN_MS) // 1000
    address = f"{story.url}?t={seconds}"
    if not {"sound", "picture"} & story.exits:
        # None where the words were changed since: the page has no place to lead to then.
        starts = [cue.start for cue in agreed_cues(story.version)] or [0.0]
        cue = starts[max(0, bisect_right(starts, item.place / 1000) - 1)]
        address = f"{story.url}#t{int(cue)}"
    return ShownMoment(item.kind, clock(seconds), address, item.fragments)


def address(query: str, page: int = 1) -> str:
    fields = {"q": query} | ({"page": str(page)} if page > 1 else {})
    return f"{reverse('search')}?{urlencode(fields)}"
