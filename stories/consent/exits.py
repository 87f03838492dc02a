"""The registry of exits: which purposes open which way out of the archive.

An exit is any way in which something of a story leaves. Publishing and every reader ask this
table; nothing else decides. A purpose that is not given closes all that needs it.

doors.py names the places in the code through which each exit is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stories.consent.reading import Consents

PUBLISHING = frozenset({"publish_text", "publish_audio", "publish_video"})
RECORDED = frozenset({"publish_audio", "publish_video"})
# Each person's own, also where several tell one story together.
OWN = frozenset({"show_name", "contact_followup", "automatic_transcription"})
# A voice or a face may go out as it is, or else in the way that somebody chose instead.
VOICE = ("show_unaltered_voice", ("disguised", "words_spoken"))
FACE = ("show_face", ("blurred",))


@dataclass(frozen=True)
class Exit:
    """`every`: purposes that must all be given. `some`: of which one must be.

    `choice`: (purpose, options), of which one must be in force. `either`: (purpose, options), of
    each of which one must be: the purpose given, or one of those options chosen instead. `scope`:
    how wide a yes it needs.
    """

    name: str
    lets_out: str
    every: frozenset[str] = frozenset()
    some: frozenset[str] = frozenset()
    choice: tuple[str, frozenset[str]] | None = None
    either: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scope: dict[str, int] = field(default_factory=dict)

    def is_open(self, consents: Consents) -> bool:
        wide_enough = all(consents.scope.get(slug, 1) >= wide for slug, wide in self.scope.items())
        chosen = not self.choice or consents.choices.get(self.choice[0]) in self.choice[1]
        altered = all(
            slug in consents.given or consents.choices.get(slug) in options
            for slug, options in self.either
        )
        return (
            chosen
            and altered
            and wide_enough
            and self.every <= consents.given
            and (not self.some or bool(self.some & consents.given))
        )

    @property
    def purposes(self) -> frozenset[str]:
        chosen = frozenset({self.choice[0]}) if self.choice else frozenset()
        return self.every | self.some | chosen | {slug for slug, _ in self.either}


def needs(*purposes: str) -> frozenset[str]:
    return frozenset(purposes)


EXITS = (
    Exit(
        "page",
        "title, summary, themes, content notes, length, drawn cover",
        some=PUBLISHING,
    ),
    Exit("text", "the written story on its page", every=needs("publish_text")),
    # What was made of a recording says of itself whether a real voice or face is in it. Each file
    # needs its own exit below, and own_voice or own_face besides where it holds the real one.
    Exit(
        "sound",
        "the sound: player, MP3, waveform",
        every=needs("publish_audio"),
        either=(VOICE,),
    ),
    Exit(
        "picture",
        "the picture: player, poster, sprite",
        every=needs("publish_video"),
        either=(FACE,),
    ),
    Exit(
        "film",
        "picture and sound in one file (MP4)",
        every=needs("publish_audio", "publish_video"),
        either=(VOICE, FACE),
    ),
    Exit(
        "own_voice",
        "a real voice that was not disguised, in any of these",
        every=needs("publish_audio", "show_unaltered_voice"),
    ),
    Exit(
        "own_face",
        "a picture in which no face was hidden, in any of these",
        every=needs("publish_video", "show_face"),
    ),
    Exit("transcript", "captions and the transcript on the page", some=RECORDED),
    Exit("own_name", "the contributor's own name", every=needs("show_name")),
    Exit(
        "chosen_name",
        "the name that the contributor chose",
        choice=("show_name", frozenset({"chosen"})),
        some=PUBLISHING,
    ),
    Exit(
        "listing",
        "lists, related stories, suggestions, counts and search on this site",
        every=needs("site_search"),
        some=PUBLISHING,
    ),
    Exit(
        "bulk",
        "many stories at once, and words and transcript as data, through the API",
        every=needs("site_search", "ai_reuse"),
        some=PUBLISHING,
    ),
    Exit(
        "outside_search",
        "the sitemap, structured data, catalogues (OAI-PMH), and outside search engines",
        every=needs("external_search_engines"),
        some=PUBLISHING,
    ),
    Exit(
        "podcast",
        "the podcast feed: item, enclosure, chapters",
        every=needs("podcast_syndication", "publish_audio"),
        either=(VOICE,),
    ),
    Exit(
        "followup",
        "a letter to the contributor after publication",
        every=needs("contact_followup"),
    ),
    Exit(
        "recognition",
        "the sound, to speech recognition on our own machine",
        every=needs("automatic_transcription"),
    ),
    Exit(
        "transcript_file",
        "the transcript as a file",
        every=needs("transcript_download"),
        some=RECORDED,
    ),
    Exit("location", "where it happened", every=needs("show_location"), some=PUBLISHING),
    Exit(
        "sharing",
        "share buttons, Open Graph, oEmbed",
        every=needs("social_media"),
        some=PUBLISHING,
    ),
    Exit("translation", "a translation", every=needs("translation"), some=PUBLISHING),
    Exit("teaching", "training and teaching", every=needs("training_teaching")),
    Exit("research", "research", every=needs("research_access")),
    Exit("partner", "a partner that the contributor named", every=needs("partner_reuse")),
    Exit("extract", "a quoted extract that was asked for", every=needs("quoted_extracts")),
    Exit("after_death", "the archive after death", every=needs("archive_after_death")),
    Exit(
        "ai",
        "use by artificial intelligence; else noai and a text-mining reservation",
        every=needs("ai_reuse"),
        some=PUBLISHING,
    ),
)
BY_NAME = {door.name: door for door in EXITS}


def open_exits(consents: Consents) -> frozenset[str]:
    """Names of the exits that these consents open."""
    return frozenset(door.name for door in EXITS if door.is_open(consents))
