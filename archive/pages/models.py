"""Pages that are not stories."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.models import Page

from stories.pages.models import StoryPage

NEWEST = 6


class HomePage(Page):
    """The landing page: what this is, a search box, the newest stories."""

    template = "pages/home.html"
    max_count = 1
    search_fields: list = []

    def get_context(self, request: HttpRequest) -> dict:
        newest = StoryPage.objects.listed().newest()[:NEWEST]
        return super().get_context(request) | {"stories": newest}
