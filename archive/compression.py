"""Pages travel compressed, on a slow line above all; recordings as they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

SMALLER = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/rss+xml",
    "image/svg+xml",
)


class CompressedPages(GZipMiddleware):
    """gzip for what is made of words. Django pads each answer by a random length, so that nothing
    secret in it can be guessed from its size: https://docs.djangoproject.com/en/5.2/ref/middleware/
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or response.status_code != 200 or not kind.startswith(SMALLER):
            return response
        return super().process_response(request, response)
