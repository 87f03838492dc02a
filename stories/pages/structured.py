"""Structured data for outside search engines: JSON-LD in the words of https://schema.org."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from media_pipeline import api as media
from stories.pages.addresses import absolute, feed_address, media_address, story_address
from stories.pages.rights import citation, statement
from stories.pages.sharing import described

if TYPE_CHECKING:
    from stories.pages.models import StoryPage
    from stories.pages.show import Player

# So that no text can end the script element that it stands in.
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
RECORDINGS = {"video": "VideoObject", "audio": "AudioObject"}
FILES = {"video": ("story.mp4", *media.SILENT_FILMS), "audio": ("story.mp3", "audio.m4a")}
ENCLOSURE = "story.mp3"
Made = Mapping[str, media.RenditionInfo]


def structured_data(page: StoryPage, player: Player | None, made: Made) -> SafeString:
    """A JSON-LD object of what is open now; "" unless outside search engines may show it.

    `player`: what the page plays; `made`: the renditions a visitor may have.
    """
    if "outside_search" not in page.exits:
        return SafeString("")
    data = {"@context": "https://schema.org"} | _about(page)
    if player:
        data |= _recording(page, player, made)
    # Safe: JSON with the three letters escaped that could end the element.
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(HARMLESS))  # noqa: S308


def _recording(page: StoryPage, player: Player, made: Made) -> dict[str, Any]:
    """An episode where it is one of a podcast's; else the film or the sound itself."""
    duration = f"PT{round(player.seconds)}S"
    file: dict[str, Any] = {"@type": RECORDINGS[player.kind], "duration": duration}
    for name in FILES[player.kind]:
        if name in made:
            file["contentUrl"] = media_address(page.slug, name)
            file["encodingFormat"] = made[name].content_type
            break
    if player.captions:
        file["accessibilityFeature"] = ["captions", "transcript"]
    if player.kind == "audio" and "podcast" in page.exits and ENCLOSURE in made:
        series = {"@type": "PodcastSeries", **_series(page)}
        return {
            "@type": "PodcastEpisode",
            "duration": duration,
            "associatedMedia": file,
            "partOfSeries": series,
        }
    if "poster.jpg" in made:
        file["thumbnailUrl"] = media_address(page.slug, "poster.jpg")
    if page.shared_on:
        file["uploadDate"] = f"{page.shared_on:%Y-%m}"
    return file


def _series(page: StoryPage) -> dict[str, str]:
    """The podcast in which staff placed it, or the main one."""
    from stories.pages.series import MAIN

    if place := getattr(page.contribution, "episode_place", None):
        return {"name": place.series.title, "webFeed": feed_address(place.series.slug)}
    return {"name": settings.WAGTAIL_SITE_NAME, "webFeed": feed_address(MAIN)}


def _about(page: StoryPage) -> dict[str, Any]:
    """What every kind of story has."""
    data: dict[str, Any] = {
        "@type": "Article" if page.version.asset_id is None else "CreativeWork",
        "name": page.title_shown,
        "url": story_address(page.slug),
        "identifier": page.reference,
        "inLanguage": page.version.language,
        "isAccessibleForFree": True,
        "copyrightNotice": statement(page.exits),
        "creditText": citation(page),
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
