"""The withdrawal ledger: what has gone, what is still to go, and who asks for copies outside."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
