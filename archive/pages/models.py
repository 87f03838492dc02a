"""Pages that are not stories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from stories.pages.bulk import prepared
from stories.pages.facets import Facet, Words, counted, rows_of
from stories.pages.machines import robots, shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.queries import StoryQuerySet

NEWEST = 6
WAYS_IN = ("theme", "goes", "length")


class HomePage(Page):
    """The landing page: what this is, a search box, the newest stories, and ways to go on.

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
        shown = StoryPage.objects.listed().with_exit("outside_search")
        newest = prepared(shown.newest()[:NEWEST])
        exits = shared_by_all(story.exits for story in newest)
        return super().get_context(request) | {
            "stories": newest,
            "ways_in": ways_in(shown) if newest else [],
            "exits": exits,
            "robots": robots(exits),
        }


def ways_in(shown: StoryQuerySet) -> list[Facet]:
    """What these stories can be narrowed by from here: only what parts them, and leads to some."""
    rows = rows_of(shown)
    facets = counted(rows, {}, Words(rows))
    return [facets[name] for name in WAYS_IN if facets[name].helps]
