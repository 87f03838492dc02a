"""A story's share card as a picture, where it may be shared."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from stories.contributions.tombstones import is_gone, story_path
from stories.delivery import gone_or_missing
from stories.pages.cards import card_png
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage


@require_safe
def share_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A PNG of stories.pages.cards; drawn anew, for whoever has not got it."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    if "sharing" not in story.exits:
        raise Http404
    themes = story.theme_slugs
    etag = quote_etag(hashlib.sha256(repr((slug, themes)).encode()).hexdigest())
    response = get_conditional_response(request, etag) or HttpResponse(
        card_png(slug, themes), content_type="image/png"
    )
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    tell_machines(response, story.exits)
    return response
