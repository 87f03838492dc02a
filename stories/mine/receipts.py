"""Receipts: a page to read and print, and the same as JSON-LD."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
