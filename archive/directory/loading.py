"""Reading services, areas and topics from a file: for a new site, and for the demonstration."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from archive.directory.models import Area, HelpTopic, Service

CRISIS_LINES = Path(__file__).resolve().parents[1] / "data" / "services.toml"


@transaction.atomic
def load_words(path: Path = CRISIS_LINES) -> None:
    """Add the topics and areas that are missing; change nothing that is there."""
    data = read(path)
    for order, row in enumerate(data.get("topic", [])):
        HelpTopic.objects.get_or_create(slug=row["slug"], defaults=row | {"order": order})
    for order, row in enumerate(data.get("area", [])):
        within = row.pop("within", None)
        larger = Area.objects.get(slug=within) if within else None
        defaults = row | {"order": order, "within": larger}
        Area.objects.get_or_create(slug=row["slug"], defaults=defaults)


@transaction.atomic
def load_services(path: Path = CRISIS_LINES) -> int:
    """Add the services that are missing; return how many. Topics and areas have to be there.

    Raises DoesNotExist for a topic or an area that is not, and ValidationError for a bad entry.
    """
    added = 0
    for row in read(path)["service"]:
        if Service.objects.filter(slug=row["slug"]).exists():
            continue
        topics = [HelpTopic.objects.get(slug=slug) for slug in row.pop("helps_with")]
        service = Service(**row | {"area": Area.objects.get(slug=row["area"])})
        service.full_clean()
        service.save()
        service.helps_with.set(topics)
        added += 1
    return added


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
