"""Pages that are not stories."""

from __future__ import annotations

from wagtail.models import Page


class HomePage(Page):
    """The landing page: what this is, a search box, the newest stories."""

    template = "pages/home.html"
    max_count = 1
    search_fields = []
