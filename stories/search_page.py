"""The search page: what a visitor typed, and the moments that answer it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from search import api
from stories.contributions.noted import Noted, noted_of
from stories.contributions.spoken import agreed_cues
from stories.pages.answers import Answer, answer
from stories.pages.clock import clock
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.within import LEAD_IN_MS

PAGE_SIZE = 10
RETRY_SECONDS = 60  # while search rests


@dataclass(frozen=True)
class ShownMoment:
    """`kind`, `place`, `fragments` and `speaker` as search found them (search.api.Moment).

    folded: a content note is about it, or may be: it is shown to who asks for it.
    """

    kind: str
    place: int
    label: str
    url: str
    fragments: list
    speaker: str
    folded: bool


@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """What stories.pages.answers.answer() reads. The address is the visitor's own, never logged."""
    if not request.GET.get("q", "").strip():
        return render(request, "search/results.html", {"query": ""})
    found = answer(request.GET, PAGE_SIZE)
    asked, matches = found.asked, found.matches
    looked_for = matches.meant if matches and matches.corrected else asked.query
    context: dict = {
        "answer": found,
        "asked": asked,
        "query": asked.query,
        "results": matches,
        "hits": [shown(found.hits[story.reference], story, looked_for) for story in found.stories],
    }
    if matches:
        context |= {
            "looked_for": looked_for,
            "meant_url": request.path + asked.looking_for(matches.meant).address,
            "exactly_url": request.path + asked.looking_for(matches.exactly).address,
        }
    return told_of(found, render(request, "search/results.html", context))


def told_of(found: Answer, response: HttpResponse) -> HttpResponse:
    """The same response, with the status and the headers that an answer has in any form."""
    if found.resting:
        # Whole all the same. The status keeps machines from taking it for "nothing found".
        response.status_code = 503
        response["Retry-After"] = str(RETRY_SECONDS)
    exits = shared_by_all(story.exits for story in found.stories)
    tell_machines(response, exits - {"outside_search"})
    return response


def shown(hit: api.Hit, story: StoryPage, words: str) -> dict:
    """A hit with its story. `words` go along into it, so that its page marks them too."""
    moments = moments_of(hit, story, {"find": words})
    return {
        "story": story,
        "title": hit.title,
        "summary": hit.summary,
        "moments": [moment for moment in moments if not moment.folded],
        "folded": [moment for moment in moments if moment.folded],
    }


def moments_of(hit: api.Hit, story: StoryPage, along: dict | None = None) -> list[ShownMoment]:
    """In the order in which they are met. `along`: fields for the story's address besides."""
    items = sorted(hit.moments, key=lambda item: item.place)
    starts: list[float] = []
    if not {"sound", "picture"} & story.exits and any(item.kind == api.SPEECH for item in items):
        # None where the words were changed since: the page has no place to lead to then.
        starts = [cue.start for cue in agreed_cues(story.version)] or [0.0]
    noted = noted_of(story.version)
    return [_moment(item, story.url, along or {}, starts, noted) for item in items]


def _moment(
    item: api.Moment, page: str, along: dict, starts: list[float], noted: Noted
) -> ShownMoment:
    """A moment's own address: seconds for speech that can be played, else the place in the text.

    `starts`: the seconds at which cues start, where they can only be read.
    """
    fields, place = dict(along), ""
    seconds = max(0, item.place - LEAD_IN_MS) // 1000
    if item.kind == api.TEXT:
        place = f"#p{item.place}"
    elif starts:
        place = f"#t{int(starts[max(0, bisect_right(starts, item.place / 1000) - 1)])}"
    else:
        fields = {"t": seconds, **along}
    address = page + (f"?{urlencode(fields)}" if fields else "") + place
    label = clock(seconds) if item.kind == api.SPEECH else f"¶ {item.place}"
    spoken = item.kind == api.SPEECH
    folded = not noted.may_show(spoken, item.place / 1000 if spoken else item.place)
    return ShownMoment(item.kind, item.place, label, address, item.fragments, item.speaker, folded)
