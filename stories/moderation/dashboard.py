"""The first thing that a moderator sees after signing in: what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from stories.contributions.problems import to_look_at
from stories.moderation.rows import calls_to_check, stories_to_read


class Line(NamedTuple):
    address: str
    label: str
    since: datetime  # when the first of them came


class Waiting(Component):
    """Each kind of thing with how many there are, and since when the first of them has waited."""

    name = "waiting"
    template_name = "desk/dashboard.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict:
        lines = []
        for page, (many, since) in {
            "desk_queue": _waiting(stories_to_read(), "sent_at"),
            "desk_problems": _waiting(to_look_at(), "sent_at"),
            "desk_calls": _waiting(calls_to_check(), "at"),
        }.items():
            if since:
                lines.append(Line(reverse(page), _label(page, many) % {"many": many}, since))
        return {"lines": lines, "queue": reverse("desk_queue")}


def _waiting(rows: QuerySet, moment: str) -> tuple[int, datetime | None]:
    found = rows.order_by().aggregate(many=Count("pk"), since=Min(moment))
    return found["many"], found["since"]


def _label(page: str, many: int) -> str:
    if page == "desk_queue":
        return ngettext("%(many)s story to read", "%(many)s stories to read", many)
    if page == "desk_problems":
        return ngettext("%(many)s report of a problem", "%(many)s reports of problems", many)
    return ngettext("%(many)s call to check", "%(many)s calls to check", many)
