"""The demonstration stories, read from stories.toml and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SOURCE = Path(__file__).with_name("stories.toml")
# On every page of the demonstration, so that nobody takes a story for a life; not among a story's
# own words, by which others are found.
NOTICE = (
    "This is a demonstration. Its stories were made up for this project, and a computer reads "
    "those with sound; two are readings from a novel."
)

CHOICES: dict[str, frozenset[str | None]] = {
    "kind": frozenset({"written", "sound", "video"}),
    "naming": frozenset({"my_name", "chosen", "none"}),
    "voice": frozenset({None, "own", "disguised", "words_only"}),
    "face": frozenset({None, "as_is", "blurred", "no_picture"}),
    "perspective": frozenset({"self", "carer", "group"}),
    "scene": frozenset({None, "night", "tea", "wool"}),
    "after": frozenset({"published", "paused", "taken_back"}),
}
_ASKED_OF_ALL = ("publish", "site_search", "external_search_engines", "contact_followup")
_ASKED_OF_RECORDINGS = (*_ASKED_OF_ALL, "podcast_syndication", "automatic_transcription")
_OWN = {"contact_followup", "automatic_transcription"}  # asked of the contributor alone


class BadStory(ValueError):
    """stories.toml holds something that no form would take; the message says which and where."""


@dataclass(frozen=True)
class Voice:
    """How the computer's one voice is bent: `pitch` as a factor; `pace`, larger is slower."""

    pitch: float = 1.0
    pace: float = 1.0


@dataclass(frozen=True)
class Other:
    """Somebody else in a recording, who answers for themselves; `consents` as in DemoStory."""

    called: str
    voice: str
    consents: Mapping[str, str]


@dataclass(frozen=True)
class DemoStory:
    """One story as its teller would give it to the form. What a kind has no use for is None."""

    key: str
    kind: str
    title: str
    description: str
    words: str  # paragraphs parted by an empty line; of a recording, what is said in it
    naming: str
    perspective: str
    consents: Mapping[str, str]  # purpose to "yes", "no" or "later"; only what its form asks
    after: str
    teller: str | None = None
    voice: str | None = None
    face: str | None = None
    themes: tuple[str, ...] = ()
    content_notes: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # note to where it is, as typed
    how_it_goes: str | None = None
    podcast_episode: int | None = None  # in the demonstration's own series
    chapters: str = ""  # lines as staff write them at the desk
    suffix: str | None = None
    scene: str | None = None
    voices: tuple[Voice, ...] = (Voice(),)
    speakers: tuple[str, ...] = ()  # whose each voice is, where that is told
    others: tuple[Other, ...] = ()
    reading: tuple[str, ...] = field(default=())  # numbers of LibriVox recordings, in order

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.words.split("\n\n"))

    @property
    def made_up(self) -> bool:
        """True of every story; the readings are real speech, out of a novel."""
        return not self.reading


@cache
def all_stories() -> tuple[DemoStory, ...]:
    """Every demonstration story, in the order in which to put them through the form.

    Raises BadStory when the data names something that does not exist or leaves an answer out.
    """
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["story"]
    stories = tuple(_read(row) for row in rows)
    keys = [story.key for story in stories]
    if len(set(keys)) != len(keys):
        raise BadStory("two stories have the same key")
    return stories


def find(key: str) -> DemoStory:
    """The story with this key. Raises KeyError when there is none."""
    return {story.key: story for story in all_stories()}[key]


def _read(row: dict[str, Any]) -> DemoStory:
    key = row.get("key", "a story without a key")
    values = dict(row)
    values["words"] = "\n\n".join(
        " ".join(part.split()) for part in row["words"].split("\n\n") if part.strip()
    )
    values["consents"] = MappingProxyType(row["consents"])
    for name in ("themes", "content_notes", "reading", "speakers"):
        values[name] = tuple(row.get(name, ()))
    values["places"] = MappingProxyType(row.get("places", {}))
    values["others"] = tuple(
        Other(each["called"], each["voice"], MappingProxyType(each["consents"]))
        for each in row.get("others", ())
    )
    values["voices"] = tuple(Voice(**voice) for voice in row.get("voices", [{}]))
    try:
        story = DemoStory(**values)
    except TypeError as error:
        raise BadStory(f"{key}: {error}") from error
    _check(story)
    return story


def _check(story: DemoStory) -> None:
    for name, allowed in CHOICES.items():
        if getattr(story, name) not in allowed:
            raise BadStory(f"{story.key}: {name} should be one of {sorted(map(str, allowed))}")
    written = story.kind == "written"
    asked = set(_ASKED_OF_ALL if written else _ASKED_OF_RECORDINGS)
    if set(story.consents) != asked:
        raise BadStory(f"{story.key}: the answers differ from what is asked: {sorted(asked)}")
    if not set(story.consents.values()) <= {"yes", "no", "later"}:
        raise BadStory(f"{story.key}: an answer should be yes, no or later")
    if story.consents.get("automatic_transcription") == "later":
        raise BadStory(f"{story.key}: automatic_transcription is answered yes or no")
    if not set(story.places) <= set(story.content_notes):
        raise BadStory(f"{story.key}: places should be of its content notes")
    if story.speakers and len(story.speakers) != len(story.voices):
        raise BadStory(f"{story.key}: speakers should be as many as voices, or none")
    # They are asked what the contributor allows, and nothing else.
    theirs = {purpose for purpose, said in story.consents.items() if said == "yes"} - _OWN
    for other in story.others:
        if written or set(other.consents) != theirs or other.voice not in CHOICES["voice"]:
            raise BadStory(f"{story.key}: {other.called} is asked {sorted(theirs)} and the voice")
    needs = {
        "teller": story.naming != "none",
        "voice": not written,
        "suffix": not written,
        "face": story.kind == "video",
        "scene": story.kind == "video",
    }
    for name, needed in needs.items():
        if (getattr(story, name) is not None) != needed:
            raise BadStory(f"{story.key}: {name} should be {'given' if needed else 'left out'}")
