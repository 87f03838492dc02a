"""Bytes of published recordings: decided here for every request, then sent by the pipeline."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from media_pipeline import api as media
from stories.contributions.allowed import exits_of
from stories.contributions.tombstones import is_gone, story_path
from stories.pages.models import StoryPage
from stories.pages.show import open_renditions


def story_media(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """One rendition of one public story, if the consents in force let it out at this moment."""
    story = StoryPage.objects.public().filter(slug=slug).first()
    if story is None:
        if is_gone(story_path(slug)):
            return render(request, "errors/410.html", status=410)
        raise Http404
    if story.version.asset_id is None:
        raise Http404
    allowed = open_renditions(story, exits_of(story.contribution))
    return media.respond(request, story.version.asset_id, name, allowed=allowed)
