"""Every address of the site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from archive.health import healthz, readyz


def no_feed_yet(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("stories.urls")),
    # Kept free for the podcast feeds, so that no page takes the address.
    path("podcasts/<slug:slug>/feed.xml", no_feed_yet, name="podcast_feed"),
    path("", include(wagtail_urls)),
]
