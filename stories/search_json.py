"""Search for programs: the answers of the search page as JSON, and how browsers are told of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search import api
from stories.api.shapes import story_in_list
from stories.pages.addresses import absolute
from stories.pages.answers import Answer, answer
from stories.pages.asked import Asked
from stories.pages.facets import Facet
from stories.pages.models import StoryPage
from stories.search_page import ShownMoment, moments_of, told_of

PAGE_SIZE = 20


@never_cache
@require_safe
def search_json(request: HttpRequest) -> HttpResponse:
    """What answer() reads, in the shape of stories/api/openapi.json. Without words, all stories.

    Any site may ask. Nothing that is asked is kept or logged.
    """
    found = answer(request.GET, PAGE_SIZE)
    response = JsonResponse(_answer(found))
    response["Access-Control-Allow-Origin"] = "*"
    return told_of(found, response)


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: the site as one of a browser's search engines."""
    return render(
        request,
        "search/opensearch.xml",
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def _answer(found: Answer) -> dict:
    asked, matches = found.asked, found.matches
    return {
        "query": asked.query,
        "problem": found.problem,
        "relaxed": bool(matches and matches.relaxed),
        "corrected": bool(matches and matches.corrected),
        "meant": matches.meant if matches else "",
        "exactly": matches.exactly if matches else "",
        "sort": asked.sort,
        "total": found.total,
        "page": asked.page,
        "pages": found.pages,
        "stories": [_story(story, found.hits.get(story.reference)) for story in found.stories],
        "facets": [_facet(facet) for facet in found.facets.values()],
        "links": _links(asked, found.pages),
    }


def _links(asked: Asked, pages: int) -> dict:
    here = reverse("search_json")
    page = reverse("search") if asked.query else "/stories/"
    links = {"self": absolute(here + _query(asked)), "page": absolute(page + _query(asked))}
    if asked.page > 1:
        links["previous"] = absolute(here + _query(asked.at(asked.page - 1)))
    if asked.page < pages:
        links["next"] = absolute(here + _query(asked.at(asked.page + 1)))
    return links


def _query(asked: Asked) -> str:
    fields = asked.fields()
    return f"?{urlencode(fields)}" if fields else ""


def _story(story: StoryPage, hit: api.Hit | None) -> dict:
    moments = [_moment(item) for item in moments_of(hit, story)] if hit else []
    return story_in_list(story) | {"moments": moments}


def _moment(item: ShownMoment) -> dict:
    """`seconds` into the recording for what was said, `paragraph` for what was written."""
    spoken = item.kind == api.SPEECH
    return {
        "kind": item.kind,
        "seconds": item.place / 1000 if spoken else None,
        "paragraph": None if spoken else item.place,
        "address": absolute(item.url),
        "speaker": item.speaker,
        "noted": item.folded,
        "fragments": [{"text": each.text, "matched": each.matched} for each in item.fragments],
    }


def _facet(facet: Facet) -> dict:
    return {
        "name": facet.name,
        "label": facet.label,
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "count": option.count,
                "chosen": option.chosen,
                "under": option.under,
            }
            for option in facet.options
        ],
    }
