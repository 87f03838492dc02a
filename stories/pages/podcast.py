"""The podcast feed's form: RSS 2.0 with the elements that podcast apps know.

itunes: https://podcasters.apple.com/support/823-podcast-requirements
podcast: https://podcasting2.org/docs/podcast-namespace
Pages of a long feed: https://www.rfc-editor.org/rfc/rfc5005#section-3
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
# https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
CHAPTERS_TYPE, CHAPTERS_VERSION = "application/json+chapters", "1.2.0"
# What XML 1.0 can't hold. One pasted control character must not break the feed for everybody.
NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def plain(text: str) -> str:
    """The text without what XML can't hold."""
    return NOT_XML.sub("", text)


def chapters_json(marks: Sequence[tuple[float, str]]) -> dict:
    """Chapters, (seconds, title) each, as podcast:chapters leads to them."""
    chapters = [{"startTime": start, "title": title} for start, title in marks]
    return {"version": CHAPTERS_VERSION, "chapters": chapters}


class PodcastFeed(Rss201rev2Feed):
    """`changed` (datetime): when any story last joined, changed or left. `guid`, `image` (an
    address), `order` ("episodic" or "serial"), `email` ("" for none), `explicit` (bool) and
    `elsewhere` ({"next": an address}, and so on) are said of the whole.

    Items take besides Django's own: `seconds` (float), `explicit` (bool), `person` (a name that
    may be shown, or ""), `transcript` and `chapters` (addresses, or ""), `number` (or None) and
    `language`.
    """

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:itunes": ITUNES, "xmlns:podcast": PODCAST}

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        add = handler.addQuickElement
        for relation, address in self.feed["elsewhere"].items():
            add("atom:link", attrs={"rel": relation, "href": address})
        add("itunes:author", self.feed["author_name"])
        add("itunes:type", self.feed["order"])
        add("itunes:explicit", _said(self.feed["explicit"]))
        add("itunes:image", attrs={"href": self.feed["image"]})
        self._add_image(handler)
        handler.startElement("itunes:category", AttributesImpl({"text": "Health & Fitness"}))
        add("itunes:category", attrs={"text": "Mental Health"})
        handler.endElement("itunes:category")
        email = self.feed["email"]
        if email:
            handler.startElement("itunes:owner", AttributesImpl({}))
            add("itunes:name", self.feed["author_name"])
            add("itunes:email", email)
            handler.endElement("itunes:owner")
        add("podcast:guid", self.feed["guid"])
        add("podcast:medium", "podcast")
        # Not to be moved to another host: a copy there would not hear of what is taken back.
        add("podcast:locked", "yes", attrs={"owner": email} if email else {})

    def _add_image(self, handler: SimplerXMLGenerator) -> None:
        """The same picture as RSS itself names it."""
        handler.startElement("image", AttributesImpl({}))
        handler.addQuickElement("url", self.feed["image"])
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("link", self.feed["link"])
        handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        add = handler.addQuickElement
        add("itunes:duration", str(round(item["seconds"])))
        add("itunes:explicit", _said(item["explicit"]))
        add("itunes:episodeType", "full")
        if item["number"]:
            add("itunes:episode", str(item["number"]))
            add("podcast:episode", str(item["number"]))
        if item["person"]:
            add("itunes:author", item["person"])
            # Who tells their own story is no presenter, which is what no role would mean.
            add("podcast:person", item["person"], attrs={"role": "guest", "group": "cast"})
        if item["transcript"]:
            attrs = {"url": item["transcript"], "type": "text/vtt", "language": item["language"]}
            add("podcast:transcript", attrs=attrs)
        if item["chapters"]:
            add("podcast:chapters", attrs={"url": item["chapters"], "type": CHAPTERS_TYPE})


def _said(explicit: bool) -> str:
    return "true" if explicit else "false"
