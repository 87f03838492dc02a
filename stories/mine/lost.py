"""A lost link: asked for by e-mail, and answered alike whoever asks."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
