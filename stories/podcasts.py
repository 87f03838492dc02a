"""Podcasts for visitors: the list of series, a page for each, and its picture for apps."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from stories.pages.addresses import feed_address
from stories.pages.artwork import artwork, artwork_name
from stories.pages.machines import robots, shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.series import PodcastSeries, all_series, episodes_in, in_series

PAGE_SIZE = 12
A_DAY = 86_400


@require_safe
def podcasts(request: HttpRequest) -> HttpResponse:
    """Every series, whether or not there is anything to hear in it at this moment."""
    response = render(request, "podcasts/list.html", {"all_series": all_series()})
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def podcast_series(request: HttpRequest, slug: str) -> HttpResponse:
    """What a series is, how to follow it, and its episodes. `?page=` counts from 1.

    A list on this site shows what may be listed: an episode that is in the feed alone is not here.
    """
    series = get_object_or_404(PodcastSeries, slug=slug)
    stories = in_series(StoryPage.objects.listed(), series)
    page = Paginator(stories, PAGE_SIZE).get_page(request.GET.get("page"))
    episodes = episodes_in(page.object_list)
    exits = shared_by_all(episode.story.exits for episode in episodes)
    context = {
        "series": series,
        "episodes": episodes,
        "page": page,
        "feed": feed_address(series.slug),
        "robots": robots(exits),
        "exits": exits,
    }
    response = render(request, "podcasts/series.html", context)
    response["Cache-Control"] = "private, no-cache"
    tell_machines(response, exits)
    return response


@require_safe
def podcast_artwork(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The series' picture for podcast apps: drawn for it, and nothing of any story."""
    series = get_object_or_404(PodcastSeries, slug=slug)
    etag = quote_etag(artwork_name(series.slug, series.theme, series.title))
    response = get_conditional_response(request, etag)
    if response is None:
        picture = artwork(series.slug, series.theme, series.title)
        response = HttpResponse(picture, content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response
