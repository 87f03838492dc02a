"""Statements: read them, write the next version beside the last, say what changes."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
