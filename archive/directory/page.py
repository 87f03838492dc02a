"""The directory as visitors meet it: everything on one page, narrowed down by a plain form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.directory.models import Area, HelpTopic, Service

A_PAGE = 40
ABUSE = "abuse"  # the topic whose telephone lines stand where leaving is explained
Word = TypeVar("Word", Area, HelpTopic)


@dataclass(frozen=True)
class Asked:
    """What a visitor chose. What nobody here knows counts as not chosen."""

    topic: HelpTopic | None
    area: Area | None

    @property
    def address(self) -> str:
        """The choice as it stands in an address, for the links to further pages."""
        chosen = {"help": self.topic, "area": self.area}
        return "".join(f"{name}={word.slug}&" for name, word in chosen.items() if word)


def services(request: HttpRequest) -> HttpResponse:
    """Crisis lines first, then whatever fits the choice."""
    areas = list(Area.objects.all())
    topics = list(HelpTopic.objects.filter(services__isnull=False).distinct())
    asked = Asked(named(topics, request.GET.get("help")), named(areas, request.GET.get("area")))
    found = Service.objects.select_related("area").prefetch_related("helps_with")
    if asked.topic:
        found = found.filter(helps_with=asked.topic)
    if asked.area:
        found = found.helping_in(asked.area, areas)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "services/index.html",
        {"asked": asked, "page": page, "topics": topics, "areas": areas},
    )


def leaving_quickly(request: HttpRequest) -> HttpResponse:
    """What the quick way out does, and what it can't do."""
    lines = Service.objects.filter(helps_with__slug=ABUSE).exclude(phone="")
    return render(request, "services/leaving.html", {"abuse_lines": lines})


def how_it_looks(request: HttpRequest) -> HttpResponse:
    """Colours and text size: chosen, kept and used on the device, and never sent here."""
    return render(request, "services/looks.html")


def named(words: list[Word], slug: str | None) -> Word | None:
    return next((word for word in words if word.slug == slug), None)
