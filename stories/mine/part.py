"""The page of somebody else in a recording: their own link, their own yes and no."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from stories.contributions.participants import Participant


def enter(request: HttpRequest, person: Participant, token: str) -> HttpResponse:
    """Their link was opened: keep it in a cookie, and get it out of the address."""
    raise Http404


urlpatterns: list[URLPattern] = []
