"""Others in the recording, on the contributor's page: who they are, and a link for each."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
