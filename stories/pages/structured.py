"""Structured data for outside search engines: JSON-LD in the words of https://schema.org."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from media_pipeline import api as media
from stories.pages.addresses import absolute, media_address, story_address
from stories.pages.sharing import described

if TYPE_CHECKING:
    from stories.pages.models import StoryPage

# So that no text can end the script element that it stands in.
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
RECORDINGS = {"video": "VideoObject", "audio": "AudioObject"}
FILES = {"video": ("story.mp4", *media.SILENT_FILMS), "audio": ("story.mp3", "audio.m4a")}


def structured_data(
    page: StoryPage, player_kind: str, made: Mapping[str, media.RenditionInfo]
) -> SafeString:
    """A JSON-LD object of what is open now; "" unless outside search engines may show it.

    `player_kind`: "video", "audio" or "" for none; `made`: the renditions a visitor may have.
    """
    if "outside_search" not in page.exits:
        return SafeString("")
    data = _about(page)
    if player_kind:
        data |= {"@type": RECORDINGS[player_kind], "duration": f"PT{round(page.version.seconds)}S"}
        for name in FILES[player_kind]:
            if name in made:
                data["contentUrl"] = media_address(page.slug, name)
                data["encodingFormat"] = made[name].content_type
                break
        if "poster.jpg" in made:
            data["thumbnailUrl"] = media_address(page.slug, "poster.jpg")
    # Safe: JSON with the three letters escaped that could end the element.
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(HARMLESS))  # noqa: S308


def _about(page: StoryPage) -> dict[str, Any]:
    """What every kind of story has."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article" if page.version.asset_id is None else "CreativeWork",
        "name": page.title_shown,
        "url": story_address(page.slug),
        "identifier": page.reference,
        "inLanguage": page.version.language,
        "publisher": {
            "@type": "Organization",
            "name": settings.WAGTAIL_SITE_NAME,
            "url": absolute("/"),
        },
    }
    if page.version.asset_id is None:
        data["headline"] = page.title_shown
    if page.summary:
        data["description"] = described(page)
    if page.themes:
        data["keywords"] = [theme.label for theme in page.themes]
    if page.shared_on:
        # The month, as on the page: a day could be told from a diary.
        data["datePublished"] = f"{page.shared_on:%Y-%m}"
    if page.shown_name:
        data["author"] = {"@type": "Person", "name": page.shown_name}
    return data
