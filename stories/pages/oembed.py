"""oEmbed (https://oembed.com): a link's title for whoever pastes it, where sharing is allowed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from stories.pages.addresses import absolute, slug_in
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage


@require_safe
def oembed(request: HttpRequest) -> JsonResponse:
    """?url= a story's address, ?format=json (the only one).

    The type is "link": nothing of ours is framed on other sites, so that taking back is enough.
    """
    if request.GET.get("format", "json") != "json":
        return _no("Only format=json is answered here.", 501)
    if not request.GET.get("url"):
        return _no("Say which story you mean: ?url= and its address.", 400)
    slug = slug_in(request.GET["url"])
    story = StoryPage.objects.public().with_exit("sharing").filter(slug=slug).first()
    if story is None:
        return _no("There is no story to share at this address.", 404)
    data = {
        "version": "1.0",
        "type": "link",
        "title": story.title_shown,
        "provider_name": settings.WAGTAIL_SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": 0,
    }
    if story.shown_name:
        data["author_name"] = story.shown_name
    response = JsonResponse(data)
    response["Cache-Control"] = "no-cache"
    tell_machines(response, story.exits)
    return response


def _no(problem: str, status: int) -> JsonResponse:
    return JsonResponse({"error": problem}, status=status)
