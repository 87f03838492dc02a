"""The sitemap (https://www.sitemaps.org/protocol.html): what outside search engines may show."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from stories.contributions.tombstones import story_path
from stories.pages.models import StoriesIndexPage, StoryPage
from stories.pages.series import PodcastSeries, all_series, in_series
from stories.pages.told_in import tag_of


class Ours(Sitemap):
    """Addresses as SITE_ADDRESS writes them, whatever the request called us."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_ADDRESS).scheme

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_ADDRESS).netloc


class StoryMap(Ours):
    """Only stories with the exit for outside search."""

    def items(self) -> QuerySet[StoryPage]:
        return StoryPage.objects.public().with_exit("outside_search").newest()

    def location(self, item: StoryPage) -> str:
        return f"/{story_path(item.slug)}/"

    def lastmod(self, item: StoryPage) -> datetime:
        return item.version.frozen_at


class PageMap(Ours):
    """The site's own pages. The list of stories is one only while everybody in it may be shown."""

    def items(self) -> list[Page]:
        pages = Page.objects.live().public().filter(depth__gt=1).not_type(StoryPage)
        listed = StoryPage.objects.listed()
        if listed.exclude(pk__in=listed.with_exit("outside_search").values("pk")).exists():
            pages = pages.not_type(StoriesIndexPage)
        return list(pages.filter(alias_of=None).select_related("locale").order_by("path"))

    def get_urls(self, *args, **kwargs) -> list[dict]:
        """Each with `versions`: (language tag, address) of the page in every language it is in."""
        urls = super().get_urls(*args, **kwargs)
        together: dict = defaultdict(list)
        for url in urls:
            page = url["item"]
            version = (tag_of(page.locale.language_code), url["location"])
            together[page.translation_key].append(version)
        for url in urls:
            versions = together[url["item"].translation_key]
            url["versions"] = versions if len(versions) > 1 else []
        return urls

    def location(self, item: Page) -> str:
        return item.get_url_parts()[2]


class SeriesMap(Ours):
    """Pages of podcast series whose listed episodes may all be shown outside."""

    def items(self) -> list[PodcastSeries]:
        open_now = StoryPage.objects.listed().with_exit("outside_search").values("pk")
        kept_in = StoryPage.objects.listed().exclude(pk__in=open_now)
        return [each for each in all_series() if not in_series(kept_in, each).exists()]

    def location(self, item: PodcastSeries) -> str:
        return reverse("podcast_series", args=[item.slug])


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """All addresses, 50,000 to a ?p=age."""
    response = sitemap(
        request,
        {"pages": PageMap, "series": SeriesMap, "stories": StoryMap},
        template_name="stories/sitemap.xml",
    )
    # A story that leaves would not move this date forward.
    response.headers.pop("Last-Modified", None)
    response["Cache-Control"] = "no-cache"
    return response
