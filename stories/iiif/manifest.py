"""The manifest of one recording: what is open of it now, on one canvas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from media_pipeline import api as media
from stories.pages.addresses import absolute, card_address, media_address, story_address
from stories.pages.cards import HEIGHT, WIDTH
from stories.pages.models import StoryPage
from stories.pages.rights import IN_COPYRIGHT, citation, statement
from stories.pages.sharing import described
from stories.pages.show import CAPTIONS, Player, length_of

PRESENTATION = "http://iiif.io/api/presentation/3/context.json"
TYPES = {"video": "Video", "audio": "Sound"}
OURS = "en"  # the language of our own words
Made = Mapping[str, media.RenditionInfo]


def manifest(page: StoryPage, player: Player, made: Made, searchable: bool) -> dict[str, Any]:
    """`player`: with file names for addresses; `made`: what is open; `searchable`: its words."""
    told_in = page.version.language
    found: dict[str, Any] = {
        "@context": PRESENTATION,
        "id": manifest_address(page.slug),
        "type": "Manifest",
        "label": {told_in: [page.title_shown]},
        "metadata": _metadata(page),
        "requiredStatement": _pair("Rights", statement(page.exits)),
        "rights": IN_COPYRIGHT,
        "provider": [_provider()],
        "homepage": [_text(story_address(page.slug), page.title_shown, told_in)],
        "items": [_canvas(page, player, made)],
    }
    if summary := described(page):
        found["summary"] = {told_in: [summary]}
    if thumbnail := _thumbnail(page, made):
        found["thumbnail"] = [thumbnail]
    if searchable:
        found["service"] = [{"id": search_address(page.slug), "type": "SearchService2"}]
    return found


def manifest_address(slug: str) -> str:
    return absolute(reverse("iiif_manifest", args=[slug]))


def search_address(slug: str) -> str:
    return absolute(reverse("iiif_search", args=[slug]))


def canvas_id(slug: str) -> str:
    """Only a name, as Presentation 3.0 allows: #t= is put behind it."""
    return manifest_address(slug).removesuffix("manifest.json") + "canvas"


def _canvas(page: StoryPage, player: Player, made: Made) -> dict[str, Any]:
    canvas, seconds = canvas_id(page.slug), length_of(made, page.version.seconds)
    bodies = [
        _file(page, made[each["url"]], TYPES[player.kind], seconds) for each in player.sources
    ]
    body = bodies[0] if len(bodies) == 1 else {"type": "Choice", "items": bodies}
    found = {
        "id": canvas,
        "type": "Canvas",
        "duration": seconds,
        "items": [_page(canvas, "painting", [body])],
    }
    if player.kind == "video":
        found |= {"width": bodies[0]["width"], "height": bodies[0]["height"]}
    captions = next((name for name in CAPTIONS if name in made), "")
    if captions:
        text = {
            "id": media_address(page.slug, captions),
            "type": "Text",
            "format": "text/vtt",
            "language": page.version.language,
            "label": {OURS: ["Captions"]},
        }
        found["annotations"] = [_page(canvas, "supplementing", [text])]
    return found


def _page(canvas: str, motivation: str, bodies: list[dict]) -> dict[str, Any]:
    return {
        "id": f"{canvas}/{motivation}",
        "type": "AnnotationPage",
        "items": [
            {
                "id": f"{canvas}/{motivation}/{number}",
                "type": "Annotation",
                "motivation": motivation,
                "body": body,
                "target": canvas,
            }
            for number, body in enumerate(bodies, start=1)
        ],
    }


def _file(page: StoryPage, item: media.RenditionInfo, kind: str, seconds: float) -> dict[str, Any]:
    found = {
        "id": media_address(page.slug, item.name),
        "type": kind,
        "format": item.content_type,
        "duration": item.seconds or seconds,
    }
    return found | ({"width": item.width, "height": item.height} if kind == "Video" else {})


def _thumbnail(page: StoryPage, made: Made) -> dict[str, Any] | None:
    """The poster; for a sound the drawn card, where that may go to other sites."""
    if "poster.jpg" in made:
        poster = made["poster.jpg"]
        size = {"width": poster.width, "height": poster.height}
        found = {
            "id": media_address(page.slug, poster.name),
            "type": "Image",
            "format": poster.content_type,
        }
        return found | (size if all(size.values()) else {})
    if "sharing" in page.exits:
        return {
            "id": card_address(page.slug),
            "type": "Image",
            "format": "image/png",
            "width": WIDTH,
            "height": HEIGHT,
        }
    return None


def _metadata(page: StoryPage) -> list[dict]:
    pairs = [
        ("Told by", page.shown_name),
        ("Themes", ", ".join(theme.label for theme in page.themes)),
        ("Content note", page.note_line),
        ("Shared", f"{page.shared_on:%B %Y}" if page.shared_on else ""),
        ("Accession number", page.reference),
        ("How to cite", citation(page)),
    ]
    return [_pair(label, value) for label, value in pairs if value]


def _pair(label: str, value: str) -> dict[str, dict]:
    return {"label": {OURS: [label]}, "value": {OURS: [value]}}


def _provider() -> dict[str, Any]:
    site = absolute("/")
    name = settings.WAGTAIL_SITE_NAME
    return {
        "id": site,
        "type": "Agent",
        "label": {OURS: [name]},
        "homepage": [_text(site, name, OURS)],
    }


def _text(address: str, label: str, language: str) -> dict[str, Any]:
    return {
        "id": address,
        "type": "Text",
        "label": {language: [label]},
        "format": "text/html",
        "language": [language],
    }
