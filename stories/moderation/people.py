"""Others in a recording, at the desk: somebody who has to be asked, or was cut out."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
