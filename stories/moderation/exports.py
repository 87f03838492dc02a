"""Exports: stories handed out for a purpose, each one remembered."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
