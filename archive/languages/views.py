"""The words of our scripts, for pages in another language than English."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog


@method_decorator(cache_control(public=True, max_age=3600), name="dispatch")
class ScriptWords(JavaScriptCatalog):
    """As a script that the page loads before ours; 404 for a language that we don't have."""

    packages = ["archive"]  # not Wagtail's, which are many and serve its own pages

    def get(self, request: HttpRequest, language: str) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(language):
            return super().get(request)
