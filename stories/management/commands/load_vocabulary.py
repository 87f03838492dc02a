"""Add the purposes, statements and controlled words that are missing, and change none.

The list of other words for a thing is only begun: from then on it is the editors' own.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from stories.consent.models import Purpose, Statement
from stories.consent.vocabulary import Term
from stories.pages.synonyms import SynonymGroup

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        with transaction.atomic():
            added = load_purposes() + load_terms() + load_synonyms()
        if options["verbosity"] > 1:
            self.stdout.write(f"{added} added.")


def load_purposes() -> int:
    data = tomllib.loads((DATA / "consent.toml").read_text())
    added = 0
    for order, row in enumerate(data["purpose"]):
        purpose, new = Purpose.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "public_label": row["label"],
                "asked": row["asked"],
                "formats": row["formats"],
                "pii_type": row["pii_type"],
                "order": order,
                "lawful_basis": data["lawful_basis"],
            },
        )
        if not purpose.statements.exists():
            Statement.objects.create(
                purpose=purpose,
                version=1,
                question=row["question"],
                text=row["text"],
                easy_read=row["easy_read"],
            )
        added += new
    return added


def load_terms() -> int:
    data = tomllib.loads((DATA / "vocabulary.toml").read_text())
    added = 0
    for scheme, rows in data.items():
        under = rows.pop("under", {})
        flat = [(slug, label, None) for slug, label in rows.items()]
        flat += [(slug, label, parent) for slug, (parent, label) in under.items()]
        for order, (slug, label, parent) in enumerate(flat):
            above = Term.objects.get(scheme=scheme, slug=parent) if parent else None
            _, new = Term.objects.get_or_create(
                scheme=scheme,
                slug=slug,
                defaults={"public_label": label, "order": order, "parent": above},
            )
            added += new
    return added


def load_synonyms() -> int:
    if SynonymGroup.objects.exists():
        return 0
    groups = tomllib.loads((DATA / "synonyms.toml").read_text())["same"]
    rows = [SynonymGroup(forms="\n".join(forms)) for forms in groups]
    return len(SynonymGroup.objects.bulk_create(rows))
