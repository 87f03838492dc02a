"""What to look for, while somebody types it: for our own pages, and for browsers' search boxes."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories.pages.suggestions import suggestions


@never_cache
@require_safe
def search_suggestions(request: HttpRequest) -> JsonResponse:
    """?q= what is typed so far: [that, [texts], [what each is]].

    The form is that of OpenSearch Suggestions 1.1. Nothing that is typed is kept or logged.
    """
    typed = request.GET.get("q", "")
    found = suggestions(typed)
    answer = [typed, [each.text for each in found], [each.kind for each in found]]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")
