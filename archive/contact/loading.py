"""The subjects of a new site."""

from __future__ import annotations

import tomllib
from pathlib import Path

from archive.contact.models import Subject

SUBJECTS = Path(__file__).resolve().parents[1] / "data" / "contact.toml"


def load_subjects() -> None:
    """Add the subjects that are missing, without an inbox; change nothing that is there."""
    rows = tomllib.loads(SUBJECTS.read_text(encoding="utf-8"))["subject"]
    for order, row in enumerate(rows):
        Subject.objects.get_or_create(slug=row["slug"], defaults=row | {"order": order})
