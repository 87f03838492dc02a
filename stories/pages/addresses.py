"""Addresses of ours as others have to write them: whole, with the site in front."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from stories.contributions.tombstones import story_path


def absolute(path: str) -> str:
    """A path of ours, such as /stories/, behind SITE_ADDRESS."""
    return settings.SITE_ADDRESS + path


def story_address(slug: str) -> str:
    return absolute(f"/{story_path(slug)}/")


def media_address(slug: str, name: str) -> str:
    return absolute(reverse("story_media", args=[slug, name]))


def transcript_address(slug: str, kind: str) -> str:
    """`kind` is "txt" or "vtt"."""
    return absolute(reverse("transcript_file", args=[slug, kind]))


def series_address(series: str) -> str:
    """The page of a podcast series. `series`, here and below, is its slug."""
    return absolute(reverse("podcast_series", args=[series]))


def feed_address(series: str, page: int = 1) -> str:
    address = absolute(reverse("podcast_feed", args=[series]))
    return f"{address}?page={page}" if page > 1 else address


def artwork_address(series: str) -> str:
    return absolute(reverse("podcast_artwork", args=[series]))


def enclosure_address(series: str, reference: str) -> str:
    return absolute(reverse("podcast_sound", args=[series, reference]))


def chapters_address(series: str, reference: str) -> str:
    return absolute(reverse("podcast_chapters", args=[series, reference]))


def card_address(slug: str) -> str:
    return absolute(reverse("share_card", args=[slug]))


def oembed_address(slug: str, form: str) -> str:
    """`form` is "json" or "xml"."""
    query = urlencode({"url": story_address(slug), "format": form})
    return absolute(f"{reverse('oembed')}?{query}")


def slug_in(address: str) -> str:
    """The slug of a story's whole address of ours; "" for any other address."""
    ours, theirs = urlsplit(settings.SITE_ADDRESS), urlsplit(address)
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
        return ""
    path = theirs.path.strip("/")
    slug = path.rpartition("/")[2]
    return slug if slug and path == story_path(slug) else ""
