"""What a story's page may show at this moment, by what consent opens now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from media_pipeline import api as media
from stories.contributions.allowed import exits_of
from stories.contributions.versions import StoryVersion


@dataclass(frozen=True)
class Player:
    """Addresses for the player. `sources`: [{"url", "type"}], best first; `seconds` long."""

    kind: str  # "video" | "audio"
    master: str
    sources: list[dict[str, str]]
    poster: str
    captions: str
    seconds: float


@dataclass(frozen=True)
class ShownCue:
    start: float  # seconds
    text: str

    @property
    def seconds(self) -> int:
        return int(self.start)

    @property
    def clock(self) -> str:
        return clock(self.start)


def clock(seconds: float) -> str:
    """2:31, or 1:02:09."""
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def name_to_show(version: StoryVersion, exits: frozenset[str]) -> str:
    """The name that may be shown with a version now; "" for none."""
    door = {"my_name": "own_name", "chosen": "chosen_name"}.get(version.naming, "")
    return version.shown_name if door in exits else ""


def shareable(exits: frozenset[str]) -> frozenset[str]:
    """Names of the renditions that these open exits let out."""
    doors = {"sound": "sound", "picture": "picture", "words": "transcript"}
    have = {need for need, door in doors.items() if door in exits}
    return frozenset(
        name
        for name, needs in media.NEEDS.items()
        if needs <= have and ("film" in exits or not {"sound", "picture"} <= needs)
    )


def open_renditions(page, exits: frozenset[str]) -> dict[str, media.RenditionInfo]:
    """What a visitor may have of a story's recording now: released, and let out by `exits`."""
    names = shareable(exits)
    made = media.renditions(page.version.asset_id)
    return {name: item for name, item in made.items() if item.released and name in names}


def player_for(made: Mapping[str, media.RenditionInfo], base: str, seconds: float) -> Player | None:
    """A player over the renditions in `made`, served below the address `base`; None for none."""

    def source(name: str) -> list[dict[str, str]]:
        return [{"url": base + name, "type": made[name].content_type}] if name in made else []

    picture = source("story.mp4") or source("video.mp4")
    sound = source("story.mp3") + source("audio.m4a")
    if not picture and not sound:
        return None
    return Player(
        kind="video" if picture else "audio",
        master=base + "master.m3u8" if picture and "master.m3u8" in made else "",
        sources=picture or sound,
        poster=base + "poster.jpg" if "poster.jpg" in made else "",
        captions=base + "captions.vtt" if "captions.vtt" in made else "",
        seconds=seconds,
    )


def paragraphs_of(words: str) -> list[str]:
    """Blank lines part paragraphs; single line ends stay inside one."""
    return [part.strip() for part in words.replace("\r\n", "\n").split("\n\n") if part.strip()]


def moment_from(request: HttpRequest) -> int | None:
    """?t=SECONDS, where it is a sensible number."""
    typed = request.GET.get("t", "")
    return int(typed) if typed.isdecimal() and len(typed) < 7 else None


def story_context(page, request: HttpRequest) -> dict:
    """Everything templates/stories/story.html needs."""
    exits, version = exits_of(page.contribution), page.version
    player, cues = None, []
    if version.asset_id:
        player = player_for(open_renditions(page, exits), f"{page.url}media/", version.seconds)
        if "transcript" in exits:
            cues = [ShownCue(cue.start, cue.text) for cue in media.cues(version.asset_id)]
    return {
        "story": page,
        "paragraphs": paragraphs_to_show(version, exits),
        "player": player,
        "cues": cues,
        "moment": moment_from(request),
        "content_notes": page.content_notes,
        "closed_note": closed_note(page, player, cues),
        "robots": robots(page),
    }


def paragraphs_to_show(version: StoryVersion, exits: frozenset[str]) -> list[str]:
    """A written story, or what a recording's teller wrote beyond the summary that stands above."""
    if version.asset_id is None and "text" not in exits:
        return []
    if version.asset_id and " ".join(version.words.split()) == version.summary:
        return []
    return paragraphs_of(version.words)


def closed_note(page, player: Player | None, cues: list) -> str:
    """Why a recording can't be seen or heard here, in a plain sentence; "" when it can."""
    who = page.shown_name or "The person who told this story"
    if page.version.asset_id is None:
        return ""
    if player is None:
        here = "so here are the words" if cues else "so here is what it is about"
        return f"{who} chose not to share the recording itself, {here}."
    if player.kind == "audio" and media.info(page.version.asset_id).has_picture:
        return f"{who} chose not to share the picture, so here is the sound."
    return ""


def robots(page) -> str:
    """What outside search engines are told; nothing when they may show the story."""
    return "" if "outside_search" in exits_of(page.contribution) else "noindex, noarchive"
