"""Pages that are not stories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from stories.pages.bulk import prepared
from stories.pages.machines import robots, shared_by_all, tell_machines
from stories.pages.models import StoryPage

NEWEST = 6


class HomePage(Page):
    """The landing page: what this is, a search box, the newest stories.

    Outside search engines keep a copy of it, so it names only stories that may be shown there.
    """

    template = "pages/home.html"
    max_count = 1
    search_fields: list = []

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        tell_machines(response, response.context_data["exits"])
        return response

    def get_context(self, request: HttpRequest) -> dict:
        newest = prepared(StoryPage.objects.listed().with_exit("outside_search").newest()[:NEWEST])
        exits = shared_by_all(story.exits for story in newest)
        return super().get_context(request) | {
            "stories": newest,
            "exits": exits,
            "robots": robots(exits),
        }
