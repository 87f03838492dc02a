"""The search page: what a visitor typed, and the moments that answer it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from search import api
from stories.contributions.spoken import agreed_cues
from stories.pages.answers import answer
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.show import clock

PAGE_SIZE = 10
RETRY_SECONDS = 60  # while search rests
LEAD_IN_MS = 1000  # a moment starts a second before its word, so that it is not cut


@dataclass(frozen=True)
class ShownMoment:
    """`kind`, `place` and `fragments` as search found them (search.api.Moment)."""

    kind: str
    place: int
    label: str
    url: str
    fragments: list


@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """What stories.pages.answers.answer() reads. The address is the visitor's own, never logged."""
    if not request.GET.get("q", "").strip():
        return render(request, "search/results.html", {"query": ""})
    found = answer(request.GET, PAGE_SIZE)
    asked, matches = found.asked, found.matches
    context: dict = {
        "answer": found,
        "asked": asked,
        "query": asked.query,
        "results": matches,
        "hits": [shown(found.hits[story.reference], story) for story in found.stories],
    }
    if matches:
        context |= {
            "looked_for": matches.meant if matches.corrected else asked.query,
            "meant_url": request.path + asked.looking_for(matches.meant).address,
            "exactly_url": request.path + asked.looking_for(matches.exactly).address,
        }
    response = render(request, "search/results.html", context)
    if found.resting:
        # A whole page all the same. The status keeps machines from taking it for "nothing found".
        response.status_code = 503
        response["Retry-After"] = str(RETRY_SECONDS)
    exits = shared_by_all(story.exits for story in found.stories)
    tell_machines(response, exits - {"outside_search"})
    return response


def shown(hit: api.Hit, story: StoryPage) -> dict:
    """A hit with its story."""
    return {
        "story": story,
        "title": hit.title,
        "summary": hit.summary,
        "moments": moments_of(hit, story),
    }


def moments_of(hit: api.Hit, story: StoryPage) -> list[ShownMoment]:
    """In the order in which they are met."""
    items = sorted(hit.moments, key=lambda item: item.place)
    starts: list[float] = []
    if not {"sound", "picture"} & story.exits and any(item.kind == api.SPEECH for item in items):
        # None where the words were changed since: the page has no place to lead to then.
        starts = [cue.start for cue in agreed_cues(story.version)] or [0.0]
    return [_moment(item, story.url, starts) for item in items]


def _moment(item: api.Moment, page: str, starts: list[float]) -> ShownMoment:
    """A moment's own address: seconds for speech that can be played, else the place in the text.

    `starts`: the seconds at which cues start, where they can only be read.
    """
    if item.kind == api.TEXT:
        address, label = f"{page}#p{item.place}", f"¶ {item.place}"
        return ShownMoment(item.kind, item.place, label, address, item.fragments)
    seconds = max(0, item.place - LEAD_IN_MS) // 1000
    address = f"{page}?t={seconds}"
    if starts:
        cue = starts[max(0, bisect_right(starts, item.place / 1000) - 1)]
        address = f"{page}#t{int(cue)}"
    return ShownMoment(item.kind, item.place, clock(seconds), address, item.fragments)
