"""A call or a letter: pause at once, check who it was, act on their behalf."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
