"""/api/stories, /api/stories/REFERENCE, /api/themes and the description of all of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories.api.problems import problem
from stories.api.shapes import story_with_rights, whole_story
from stories.consent.vocabulary import Term
from stories.contributions.tombstones import Tombstone
from stories.pages import asked as asking
from stories.pages.addresses import absolute
from stories.pages.answers import in_order
from stories.pages.facets import Words, narrowed, rows_of
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage

PAGE_SIZE = 50
DESCRIPTION = Path(__file__).with_name("openapi.json")


@never_cache
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """Stories whose people allow listing and reuse by machines, with what /api/search filters by.

    An unknown filter is passed over; a page too high is the last.
    """
    rows = rows_of(StoryPage.objects.public().with_exit("bulk"))
    words = Words(rows)
    params = request.GET.copy()
    params.pop("q", None)  # words are looked for elsewhere
    asked = asking.read(params, words)
    found = in_order(narrowed(rows, asked.chosen, words), asked.sort, None)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    asked = asked.at(min(asked.page, pages))
    start = (asked.page - 1) * PAGE_SIZE
    references = [row.reference for row in found[start : start + PAGE_SIZE]]
    # What was decided meanwhile counts.
    still = StoryPage.objects.still_listed(references)
    shown = {story.reference: story for story in still if "bulk" in story.exits}
    answer = {
        "total": len(found),
        "page": asked.page,
        "pages": pages,
        "stories": [story_with_rights(shown[each]) for each in references if each in shown],
        "links": _links(asked, pages),
    }
    return _told(JsonResponse(answer), (story.exits for story in shown.values()))


@never_cache
@require_safe
def story(request: HttpRequest, reference: str) -> HttpResponse:
    """One story that may be listed here, by its accession number."""
    found = StoryPage.objects.still_listed([reference])
    if not found:
        # Only of those that were out it is said that they are gone.
        was_out = Tombstone.objects.filter(reference=reference).exclude(path_hash="")
        return problem(410 if was_out.exists() else 404)
    return _told(JsonResponse(whole_story(found[0])), [found[0].exits])


@never_cache
@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """Every theme, with how many stories are listed under it; of a wide one, those below it too."""
    rows = rows_of(StoryPage.objects.listed())
    words = Words(rows)
    counts = Counter(slug for row in rows for slug in words.values("theme", row))
    known = Term.objects.filter(scheme=Term.Scheme.THEME).select_related("parent")
    answer = {
        "themes": [
            {
                "slug": term.slug,
                "label": term.label,
                "under": term.parent.slug if term.parent else None,
                "stories": counts[term.slug],
                "search": absolute(f"{reverse('search_json')}?{urlencode({'theme': term.slug})}"),
            }
            for term in known
        ]
    }
    return _told(JsonResponse(answer), [])


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 description, with this site's own address."""
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    described["servers"] = [{"url": settings.SITE_ADDRESS}]
    response = JsonResponse(described)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _links(asked: asking.Asked, pages: int) -> dict[str, str]:
    def to(page: int) -> str:
        fields = asked.at(page).fields()
        here = reverse("api_stories")
        return absolute(f"{here}?{urlencode(fields)}" if fields else here)

    links = {"self": to(asked.page)}
    if asked.page > 1:
        links["previous"] = to(asked.page - 1)
    if asked.page < pages:
        links["next"] = to(asked.page + 1)
    return links


def _told(response: HttpResponse, exits_of_each: Iterable[frozenset[str]]) -> HttpResponse:
    """Any site may ask; a search engine has no business with data."""
    response["Access-Control-Allow-Origin"] = "*"
    tell_machines(response, shared_by_all(exits_of_each) - {"outside_search"})
    return response
