"""The page of one story, at its address: shown by the one rule, gone with 410, or not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stories.contributions.tombstones import is_gone, story_path
from stories.delivery import gone_or_missing
from stories.pages.models import StoryPage


@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Not by way of Wagtail's router, which finds what rests too, and asks six times as often."""
    page = StoryPage.objects.public_one(slug=slug)
    if page is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    return page.shown(request)
