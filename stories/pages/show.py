"""What a story's page may show at this moment, by what consent opens now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from media_pipeline import api as media
from search.api import Run
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import StoryVersion
from stories.pages.clock import clock
from stories.pages.machines import robots
from stories.pages.noted import ANYWAY, ShownNotes, notes_to_show
from stories.pages.queries import SOUND
from stories.pages.related import related
from stories.pages.sharing import share_of
from stories.pages.speakers import as_shown, in_captions
from stories.pages.structured import structured_data
from stories.pages.within import Found, find_on_page

# Where the words are read aloud, those at the times of the reading.
CAPTIONS = (media.SPOKEN, "captions.vtt")
# A shorter text is looked through faster than words are typed.
WORDS_TO_FIND_IN = 300
WORDS_TO_LISTEN_TO = 600
# ?as=…: a film without its picture, a recording without its player.
LISTEN, JUST_READ = "listen", "read"


@dataclass(frozen=True)
class Player:
    """Addresses for the player. `sources`: [{"url", "type"}], best first; `seconds` long."""

    kind: str  # "video" | "audio"
    master: str
    sources: list[dict[str, str]]
    poster: str
    captions: str
    seconds: float
    storyboard: str  # WebVTT of small pictures, for the time bar
    peaks: str  # the shape of the sound, for the time bar
    sound: list[dict[str, str]] = field(default_factory=list)  # of a film: its sound alone


@dataclass(frozen=True)
class ShownCue:
    start: float  # seconds
    text: str
    turn: str  # who begins to speak here, where that is told

    @property
    def seconds(self) -> int:
        return int(self.start)

    @property
    def clock(self) -> str:
        return clock(self.start)


@dataclass(frozen=True)
class Chapter:
    """A mark in a recording. `noted`: it begins in a passage that a content note is about."""

    seconds: int
    title: str
    noted: bool

    @property
    def clock(self) -> str:
        return clock(self.seconds)


@dataclass(frozen=True)
class FoundCue(ShownCue):
    """A cue with what was looked for marked in it."""

    runs: list[Run]
    end: float


def name_to_show(version: StoryVersion, exits: frozenset[str]) -> str:
    """The name that may be shown with a version now; "" for none."""
    door = {"my_name": "own_name", "chosen": "chosen_name"}.get(version.naming, "")
    return version.shown_name if door in exits else ""


def kind_to_show(version: StoryVersion, exits: frozenset[str]) -> StoryVersion.Kind:
    """How a story can be taken in now, whatever it was when it was approved."""
    hides_face = version.face != "as_is" or "own_face" in exits
    hides_voice = version.voice != "own" or "own_voice" in exits
    if media.silent_film(version.renditions) and "picture" in exits and hides_face:
        return StoryVersion.Kind.WATCH
    if SOUND in version.renditions and "sound" in exits and hides_voice:
        return StoryVersion.Kind.LISTEN
    return StoryVersion.Kind.READ


def shareable(
    made: Mapping[str, media.RenditionInfo], exits: frozenset[str]
) -> dict[str, media.RenditionInfo]:
    """Those of the renditions that these open exits let out, by what is in each."""
    doors = {"sound": "sound", "picture": "picture", "words": "transcript"}
    have = {need for need, door in doors.items() if door in exits}

    def goes_out(name: str, item: media.RenditionInfo) -> bool:
        needs = media.NEEDS[name]
        return (
            needs <= have
            and ("film" in exits or not {"sound", "picture"} <= needs)
            and ("own_voice" in exits or item.voice != "own")
            and ("own_face" in exits or item.face != "as_is")
        )

    return {name: item for name, item in made.items() if goes_out(name, item)}


def open_renditions(page, exits: frozenset[str]) -> dict[str, media.RenditionInfo]:
    """What a visitor may have of a story's recording now: released, and let out by `exits`."""
    made = media.renditions(page.version.asset_id)
    return {name: item for name, item in shareable(made, exits).items() if item.released}


def length_of(made: Mapping[str, media.RenditionInfo], seconds: float) -> float:
    """Seconds that a recording of so many takes as it is shown: what is read aloud has its own."""
    return made[SOUND].seconds if is_read_aloud(made) else seconds


def is_read_aloud(made: Mapping[str, media.RenditionInfo]) -> bool:
    """Whether what is heard is a computer's voice that reads the words."""
    return SOUND in made and made[SOUND].voice == "spoken"


def player_for(made: Mapping[str, media.RenditionInfo], base: str, seconds: float) -> Player | None:
    """A player over the renditions in `made`, served below the address `base`; None for none."""

    def source(name: str) -> list[dict[str, str]]:
        return [{"url": base + name, "type": made[name].content_type}] if name in made else []

    picture = source("story.mp4") or source(media.silent_film(made))
    sound = source("story.mp3") + source("audio.m4a")
    if not picture and not sound:
        return None
    return Player(
        kind="video" if picture else "audio",
        master=base + "master.m3u8" if picture and "master.m3u8" in made else "",
        sources=picture or sound,
        poster=base + "poster.jpg" if "poster.jpg" in made else "",
        captions=next((base + name for name in CAPTIONS if name in made), ""),
        seconds=length_of(made, seconds),
        storyboard=base + "storyboard.vtt" if "storyboard.vtt" in made else "",
        peaks=base + "peaks.json" if sound and "peaks.json" in made else "",
        sound=sound if picture else [],
    )


def way_from(request: HttpRequest, player: Player | None, cues: list[media.Cue]) -> str:
    """How a recording is asked for by ?as=…, where it can be had so; "" for as it was made."""
    asked = request.GET.get("as", "")
    ways = {LISTEN} if player and player.sound else set()
    if player and cues:
        ways.add(JUST_READ)
    return asked if asked in ways else ""


def as_asked(player: Player | None, way: str) -> Player | None:
    """The player for a way of taking a recording in; None for whoever only reads."""
    if player is None or way == JUST_READ:
        return None
    if way == LISTEN:
        return replace(
            player, kind="audio", master="", sources=player.sound, poster="", storyboard=""
        )
    return player


def paragraphs_of(words: str) -> list[str]:
    """Blank lines part paragraphs; single line ends stay inside one."""
    return [part.strip() for part in words.replace("\r\n", "\n").split("\n\n") if part.strip()]


def moment_from(request: HttpRequest) -> int | None:
    """?t=SECONDS, where it is a sensible number."""
    typed = request.GET.get("t", "")
    return int(typed) if typed.isdecimal() and len(typed) < 7 else None


def story_context(page, request: HttpRequest) -> dict:
    """Everything templates/stories/story.html needs."""
    exits, version = page.exits, page.version
    player, made = None, {}
    if version.asset_id:
        made = open_renditions(page, exits)
        player = player_for(made, f"{page.url}media/", version.seconds)
    kind = player.kind if player else ""
    said, written = transcript_to_show(version, exits), paragraphs_to_show(version, exits)
    way = way_from(request, player, said)
    shown = as_asked(player, way)
    found = find_on_page(request.GET.get("find", "").strip(), said, written)
    cues = [
        FoundCue(cue.start, cue.text, turn, found.runs(number, cue.text), cue.end)
        for number, (cue, turn) in enumerate(zip(said, media.turns(said), strict=True))
    ]
    paragraphs = [found.runs(number, text) for number, text in enumerate(written, start=len(cues))]
    length = player.seconds if player else version.seconds
    noted = notes_to_show(
        page, shown is not None, length if version.asset_id else float(len(written))
    )
    moment = moment_from(request)
    held = noted.hold(moment, anyway=ANYWAY in request.GET) if shown else None
    return {
        "story": page,
        "paragraphs": paragraphs,
        "player": shown,
        "way": way,
        "cues": cues,
        "speakers": in_captions(said) if shown else {},
        "moment": held.stretch.after if held else moment,
        "held": held,
        "noted": noted,
        "stretches": noted.cut(cues),
        "chapters": chapters_to_show(version, exits, noted) if shown else [],
        "found": found,
        "places": places_of(found, cues, way, shown is not None),
        "may_find": bool(cues or found.typed) or version.word_count >= WORDS_TO_FIND_IN,
        "may_listen": may_listen(version, written),
        "content_notes": page.content_notes,
        "read_aloud": is_read_aloud(made),
        "picture_in_words": version.picture_in_words if kind == "video" else "",
        "related": related(page),
        "closed_note": closed_note(page, made, cues),
        "robots": robots(exits_for_machines(exits, request)),
        "exits": exits,
        "transcript_files": bool(cues) and "transcript_file" in exits and "captions.vtt" in made,
        "share": share_of(page, kind),
        "structured": structured_data(page, player, made),
    }


def may_listen(version: StoryVersion, written: list[str]) -> bool:
    """Whether a voice of the visitor's own device is offered: for what is long and only written."""
    return bool(written) and not version.asset_id and version.word_count >= WORDS_TO_LISTEN_TO


def exits_for_machines(exits: frozenset[str], request: HttpRequest) -> frozenset[str]:
    """What machines may have of this answer: a page that marks somebody's words, or leaves its
    player out, is no result."""
    asked = request.GET.get("find") or request.GET.get("as")
    return exits - {"outside_search"} if asked else exits


def transcript_to_show(version: StoryVersion, exits: frozenset[str]) -> list[media.Cue]:
    """What is said in a recording, where that may be read."""
    if not version.asset_id or "transcript" not in exits:
        return []
    return as_shown(agreed_cues(version), name_to_show(version, exits))


def chapters_to_show(
    version: StoryVersion, exits: frozenset[str], noted: ShownNotes
) -> list[Chapter]:
    """Chapters that were agreed to, where the exit that they go out by is open."""
    if "podcast" not in exits:
        return []
    return [Chapter(int(at), title, noted.at(at) is not None) for at, title in version.marks]


def places_of(found: Found, cues: list[FoundCue], way: str, plays: bool) -> list[tuple[str, str]]:
    """(label, address) of the first places with a match, for a page that runs no script."""
    places = []
    here = f"?as={way}&{found.address}" if way else f"?{found.address}"
    for number in found.first_texts:
        if number < len(cues):
            cue = cues[number]
            moment = f"&t={cue.seconds}" if plays else ""
            places.append((cue.clock, f"{here}{moment}#t{cue.seconds}"))
        else:
            paragraph = number - len(cues) + 1
            places.append((f"¶ {paragraph}", f"{here}#p{paragraph}"))
    return places


def paragraphs_to_show(version: StoryVersion, exits: frozenset[str]) -> list[str]:
    """A written story, or what a recording's teller wrote beyond the summary that stands above."""
    if version.asset_id is None and "text" not in exits:
        return []
    if version.asset_id and " ".join(version.words.split()) == version.summary:
        return []
    return paragraphs_of(version.words)


def closed_note(page, made: Mapping[str, media.RenditionInfo], cues: list) -> str:
    """Why a recording can't be seen or heard here, in plain words; "" when it can.

    `made` is what a visitor may have of it now.
    """
    if page.version.asset_id is None:
        return ""
    # In words that are true whoever decided it, and when a yes has simply run out.
    heard, seen = SOUND in made, bool(media.silent_film(made))
    if heard and seen:
        return ""
    recording = media.info(page.version.asset_id)
    wanted = page.exits & {"sound", "picture"}
    if recording.voice == "spoken" and seen:
        wanted -= {"sound"}  # beside a picture nothing is read aloud
    if not heard and not seen:
        if wanted:
            if cues:
                return _(
                    "The recording is being made ready and is not here yet, so here are the words."
                )
            return _(
                "The recording is being made ready and is not here yet, "
                "so here is what it is about."
            )
        if cues:
            return _("The recording itself is not shared, so here are the words.")
        return _("The recording itself is not shared, so here is what it is about.")
    if recording.has_picture and not seen and "picture" not in wanted:
        return _("The picture is not shared, so here is the sound.")
    if recording.has_sound and not heard and "sound" not in wanted:
        if cues:
            return _("The voice is not shared, so here is the picture with the words.")
        return _("The voice is not shared, so here is the picture.")
    # Somebody changed their mind about it: it is made anew, and looked at by them again.
    if recording.has_picture and not seen:
        return _("The picture is being made ready and is not here yet, so here is the sound.")
    if recording.has_sound and not heard:
        if cues:
            return _(
                "The sound is being made ready and is not here yet, "
                "so here is the picture with the words."
            )
        return _("The sound is being made ready and is not here yet, so here is the picture.")
    return ""
