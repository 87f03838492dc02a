"""What goes along when somebody shares a story: only with the exit for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from stories.pages.addresses import card_address, oembed_address, story_address

if TYPE_CHECKING:
    from stories.pages.models import StoryPage

# https://ogp.me/#types
TYPES = {"video": "video.other", "audio": "article", "": "article"}


@dataclass(frozen=True)
class Share:
    """Addresses and words for the share block, and for Open Graph (https://ogp.me)."""

    url: str
    mailto: str
    oembed: str
    oembed_xml: str
    card: str
    type: str
    description: str


def share_of(page: StoryPage, player_kind: str) -> Share | None:
    """None unless the story may be shared. `player_kind`: "video", "audio" or "" for none."""
    if "sharing" not in page.exits:
        return None
    url = story_address(page.slug)
    return Share(
        url=url,
        mailto=f"mailto:?subject={quote(page.title_shown)}&body={quote(url)}",
        oembed=oembed_address(page.slug, "json"),
        oembed_xml=oembed_address(page.slug, "xml"),
        card=card_address(page.slug),
        type=TYPES[player_kind],
        description=described(page),
    )


def described(page: StoryPage) -> str:
    """The summary and, because it travels with every card, the content note."""
    return " ".join(filter(None, [page.summary, page.note_line]))
