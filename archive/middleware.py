"""What is said of every answer, whatever view or error gave it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from media_pipeline import api as media

PRIVATE = ("/my-story", "/share-your-story/")
RETRY_SECONDS = 120


class PrivatePages:
    """No browser or proxy keeps a contributor's page, its errors and redirects included.

    Addresses with a NUL in them are refused before anybody looks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            # No person types it, and PostgreSQL takes it for a fault of ours.
            return HttpResponseBadRequest()
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            add_never_cache_headers(response)  # type: ignore[arg-type]
        return response


class Devices:
    """No page may use camera, microphone or place, but one that says so itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class LanguageOfAddress:
    """A page's language is that of its address: /gd/… or else the usual one.

    Neither a cookie nor the browser's wishes change what stands at an address: it can be kept,
    sent on and found again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            return self.get_response(request)


class StoreAway:
    """A page that needs a recording just now, and can't have it, says so: 503, try again soon."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, media.StoreFailed):
            return None
        response = render(request, "errors/503.html", status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
