"""A story in the fifteen elements of Dublin Core, as far as a search engine may know it.

Types are those of the DCMI Type Vocabulary. Of the story itself there is the summary alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.conf import settings

from stories.contributions.versions import StoryVersion
from stories.pages.addresses import story_address
from stories.pages.models import StoryPage
from stories.pages.podcast import plain
from stories.pages.rights import statement

TYPES = {
    StoryVersion.Kind.READ: "Text",
    StoryVersion.Kind.LISTEN: "Sound",
    StoryVersion.Kind.WATCH: "MovingImage",
}


def dublin_core(page: StoryPage) -> list[tuple[str, str]]:
    """(element, value) in order, without what is empty; each value can stand in XML 1.0."""
    elements = [
        ("title", page.title_shown),
        ("creator", page.shown_name),
        *(("subject", theme.label) for theme in page.themes),
        ("description", page.summary),
        ("description", page.note_line),
        ("publisher", settings.WAGTAIL_SITE_NAME),
        # The month, as on the page: a day could be told from a diary.
        ("date", f"{page.shared_on:%Y-%m}" if page.shared_on else ""),
        ("type", TYPES[page.kind]),
        ("identifier", story_address(page.slug)),
        ("identifier", page.reference),
        ("language", page.version.language),
        ("rights", statement(page.exits)),
    ]
    return [(name, said) for name, value in elements if (said := plain(value))]


def fingerprint(elements: list[tuple[str, str]]) -> str:
    """Keyed, so that the table can't be asked whether a title was among them."""
    key = f"harvested:{settings.SECRET_KEY}".encode()
    return hmac.new(key, json.dumps(elements).encode(), hashlib.sha256).hexdigest()
