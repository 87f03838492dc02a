"""The registry of exits: which purposes open which way out of the archive.

An exit is any way in which something of a story leaves. Publishing and every reader ask this
table; nothing else decides. A purpose that is not given closes all that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from stories.consent.record import Consents

PUBLISHING = frozenset({"publish_text", "publish_audio", "publish_video"})


@dataclass(frozen=True)
class Exit:
    """`every`: purposes that must all be given. `some`: of which one must be. Choices likewise."""

    name: str
    lets_out: str
    every: frozenset[str] = frozenset()
    some: frozenset[str] = frozenset()

    def is_open(self, given: frozenset[str]) -> bool:
        return self.every <= given and (not self.some or bool(self.some & given))


EXITS = (
    Exit("page", "title, summary, themes, content notes, length, drawn cover", some=PUBLISHING),
    Exit("text", "the written story on its page", every=frozenset({"publish_text"})),
    # Until disguise and blur are built, another voice or face than one's own opens nothing.
    Exit("sound", "the sound", every=frozenset({"publish_audio", "show_unaltered_voice"})),
    Exit("picture", "the picture and poster", every=frozenset({"publish_video", "show_face"})),
    Exit(
        "transcript",
        "captions and the transcript on the page",
        some=frozenset({"publish_audio", "publish_video"}),
    ),
    Exit("name", "the name that the contributor gave", every=frozenset({"show_name"})),
    Exit(
        "listing",
        "lists and search on this site",
        every=frozenset({"site_search"}),
        some=PUBLISHING,
    ),
    Exit(
        "outside_search",
        "being shown by outside search engines",
        every=frozenset({"external_search_engines"}),
        some=PUBLISHING,
    ),
    Exit(
        "podcast",
        "the podcast feed",
        every=frozenset({"podcast_syndication", "publish_audio", "show_unaltered_voice"}),
    ),
)


def open_exits(consents: Consents) -> frozenset[str]:
    """Names of the exits that these consents open."""
    return frozenset(door.name for door in EXITS if door.is_open(consents.given))
