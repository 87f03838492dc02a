"""The demonstration's "My recovery": pages from sections.toml, built of the editors' blocks."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from wagtail.models import Locale, Page

from archive.demo.shelf import fill_library
from archive.pages.library.models import ResourcePage
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.consent.vocabulary import Term

SOURCE = Path(__file__).with_name("sections.toml")
Told = Mapping[str, str]  # {a story's key in stories.toml: its accession number}


def source() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def rows() -> list[dict[str, Any]]:
    """Every page but the first, the higher ones before those below them."""
    return source()["page"]


def build(folder: Path, told: Told, films: bool = True) -> None:
    """Put library and sections there, the first time; stories among them that are told already."""
    shelf = fill_library(folder / "library", films)
    with transaction.atomic():
        build_pages(shelf, told)


def build_pages(shelf: Mapping[str, ResourcePage], told: Told) -> None:
    top = RecoveryPage.objects.get(locale=Locale.get_default())
    if top.get_children().exists():
        return
    first = source()["my-recovery"]
    top.introduction, top.body = first["introduction"], json.dumps(body_of(first, shelf, told))
    top.save_revision().publish()
    for row in rows():
        above = Page.objects.get(slug=row["under"], path__startswith=top.path).specific
        above.add_child(
            instance=SectionPage(
                title=row["title"],
                slug=row["slug"],
                introduction=row["introduction"],
                theme=Term.objects.get(scheme=Term.Scheme.THEME, slug=row["theme"]),
                body=json.dumps(body_of(row, shelf, told)),
            )
        )


def pick_stories(told: Told) -> None:
    """Name the stories that have been told since, where sections.toml wants them."""
    wanted = {row["slug"]: row for row in rows()}
    for page in SectionPage.objects.filter(slug__in=wanted):
        picks = [row for row in wanted[page.slug]["block"] if row["type"] == "stories"]
        raw = list(page.body.raw_data)
        for block, row in zip(
            (each for each in raw if each["type"] == "stories"), picks, strict=False
        ):
            block["value"]["stories"] = items(
                told[key] for key in row.get("stories", ()) if key in told
            )
        page.body = json.dumps(raw)
        page.save_revision().publish()


def body_of(row: Mapping[str, Any], shelf: Mapping[str, ResourcePage], told: Told) -> list[dict]:
    """The blocks as a StreamField keeps them."""
    blocks = [block for block in row["block"] if block.get("film", "") in {"", *shelf}]
    return [{"type": block["type"], "value": value_of(block, shelf, told)} for block in blocks]


def value_of(block: Mapping[str, Any], shelf: Mapping[str, ResourcePage], told: Told) -> Any:
    said = {name: value for name, value in block.items() if name not in ("type", "step")}
    match block["type"]:
        case "text":
            return block["html"].strip()
        case "steps":
            steps = [{"title": step["title"], "words": step["html"]} for step in block["step"]]
            return said | {"steps": items(steps)}
        case "stories":
            told_already = items(told[key] for key in block.get("stories", ()) if key in told)
            return {"theme": "", "how_many": 3} | said | {"stories": told_already}
        case "resources":
            pages = items(shelf[slug].pk for slug in block["resources"])
            return {"subject": ""} | said | {"resources": pages}
        case "services":
            return {"topic": "", "words": ""} | said | {"services": items(block["services"])}
        case "film":
            return said | {"film": shelf[block["film"]].pk}
        case _:
            return said


def items(values: Iterable) -> list[dict]:
    """As a ListBlock keeps them: without an id it takes an item for a value."""
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]
