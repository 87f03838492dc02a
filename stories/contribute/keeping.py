"""What happens to a draft between its pages: saved, carried elsewhere, or thrown away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stories.contribute.views import draft_from, keep_typed, no_draft
from stories.contributions import cookies, links
from stories.contributions.models import NotPossible
from stories.publishing.discard import discard


@never_cache
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed. 204 when it is safe; 410 when the draft was sent or is gone."""
    draft = draft_from(request)
    if draft is None:
        return HttpResponse(status=410)
    keep_typed(request, draft)
    return HttpResponse(status=204)


@never_cache
def later(request: HttpRequest) -> HttpResponse:
    """Stop and come back: a private link to the draft, for this device or another."""
    draft = draft_from(request)
    if draft is None:
        return no_draft(request)
    context: dict[str, Any] = {"draft": draft, "days": settings.DRAFT_DAYS}
    if request.method == "POST":
        link = reverse("my_story_enter", args=[links.mint_link(draft)])
        context["link"] = request.build_absolute_uri(link)
    return render(request, "contribute/later.html", context)


@never_cache
@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """Destroy the draft at once. One that has been sent is taken back from its own page instead."""
    draft = draft_from(request)
    if draft is None:
        return redirect("my_story")
    try:
        discard(draft)
    except NotPossible:
        return redirect("my_story")
    response = render(request, "contribute/thrown_away.html")
    response.delete_cookie(cookies.DRAFT, path=cookies.DRAFT_PATH)
    return response
