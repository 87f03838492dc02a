"""A recording's manifest, and search within it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories.contributions.tombstones import is_gone, story_path
from stories.delivery import gone_or_missing
from stories.iiif.manifest import PRESENTATION, manifest, search_address
from stories.iiif.within import annotation_page
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage
from stories.pages.show import open_renditions, player_for, transcript_to_show
from stories.pages.within import find_on_page

IIIF_TYPE = f'application/ld+json;profile="{PRESENTATION}"'


@never_cache
@require_safe
def iiif_manifest(request: HttpRequest, slug: str) -> HttpResponse:
    """404 where nothing of a recording may be played now; 410 where it was taken back."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    made = open_renditions(story, story.exits) if story.version.asset_id else {}
    player = player_for(made, "", story.version.seconds)
    if player is None:
        raise Http404
    searchable = bool(transcript_to_show(story.version, story.exits))
    response = JsonResponse(manifest(story, player, made, searchable), content_type=IIIF_TYPE)
    return _told(response, story.exits, "sharing")


@never_cache
@require_safe
def iiif_search(request: HttpRequest, slug: str) -> HttpResponse:
    """?q= what was typed, in the words that may be read now. It is not logged."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    cues = transcript_to_show(story.version, story.exits)
    if not cues:
        raise Http404
    typed = request.GET.get("q", "").strip()
    address = f"{search_address(slug)}?{urlencode({'q': typed})}"
    found = find_on_page(typed, cues, [])
    page = annotation_page(address, slug, story.version.language, cues, found)
    # The protocol's other parameters narrow down by who made an annotation, when and why.
    if ignored := sorted({"motivation", "date", "user"} & set(request.GET)):
        page["ignored"] = ignored
    return _told(JsonResponse(page), story.exits, "sharing", "transcript_file")


def _told(response: HttpResponse, exits: frozenset[str], *elsewhere: str) -> HttpResponse:
    """Other sites' pages may read it with these exits only: the rest is shown on this site."""
    if exits.issuperset(elsewhere):
        response["Access-Control-Allow-Origin"] = "*"
    tell_machines(response, exits - {"outside_search"})
    return response
