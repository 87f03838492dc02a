"""The podcast feed's form: RSS 2.0 with the elements that podcast apps know.

itunes: https://podcasters.apple.com/support/823-podcast-requirements
podcast: https://podcasting2.org/docs/podcast-namespace
Only what is true of us now: no cover picture, no chapters, no owner's e-mail.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
# The namespace's own root for podcast:guid, a UUID of version 5 of the feed's address.
GUID_ROOT = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# What XML 1.0 can't hold. One pasted control character must not break the feed for everybody.
NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def plain(text: str) -> str:
    """The text without what XML can't hold."""
    return NOT_XML.sub("", text)


def podcast_guid(address: str) -> str:
    """The same for ever while the feed's address is the same; its scheme does not count."""
    return str(uuid.uuid5(GUID_ROOT, address.partition("://")[2].rstrip("/")))


class PodcastFeed(Rss201rev2Feed):
    """`changed` (datetime): when any story last joined, changed or left.

    Items take besides Django's own: `seconds` (float), `explicit` (bool), `person` (a name that
    may be shown, or ""), `transcript` (an address, or "") and `language`.
    """

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:itunes": ITUNES, "xmlns:podcast": PODCAST}

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        add = handler.addQuickElement
        add("itunes:author", self.feed["author_name"])
        add("itunes:type", "episodic")
        add("itunes:explicit", _said(any(item["explicit"] for item in self.items)))
        handler.startElement("itunes:category", AttributesImpl({"text": "Health & Fitness"}))
        add("itunes:category", attrs={"text": "Mental Health"})
        handler.endElement("itunes:category")
        add("podcast:guid", podcast_guid(self.feed["feed_url"]))
        # Not to be moved to another host: a copy there would not hear of what is taken back.
        add("podcast:locked", "yes")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        add = handler.addQuickElement
        add("itunes:duration", str(round(item["seconds"])))
        add("itunes:explicit", _said(item["explicit"]))
        if item["person"]:
            add("itunes:author", item["person"])
            add("podcast:person", item["person"])
        if item["transcript"]:
            add(
                "podcast:transcript",
                attrs={
                    "url": item["transcript"],
                    "type": "text/vtt",
                    "language": item["language"],
                },
            )


def _said(explicit: bool) -> str:
    return "true" if explicit else "false"
