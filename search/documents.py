"""What is handed in to be searched: a document with its passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

SPEECH = "speech"
TEXT = "text"
MAX_PASSAGES = 1 << 20

# Noncharacters: Unicode keeps them for a program's own use inside itself, so that no real text
# needs them. They stand around a matched word on its way out of the engine.
MARK_START = "\ufdd0"
MARK_END = "\ufdd1"

# NUL ends a string for SQLite's C functions, lone surrogates have no UTF-8. Each is replaced one
# for one: offsets into the text must hold.
_UNSTORABLE = re.compile(f"[\x00\ud800-\udfff{MARK_START}{MARK_END}]")


@dataclass(frozen=True)
class Passage:
    """A stretch of speech or text, 60 to 120 words as a rule.

    kind: "speech" or "text".
    place: where it is: start in milliseconds for speech, the paragraph's number from 1 for text.
    offsets: for speech, (character, millisecond) pairs: where in `text` each cue, or better each
    word, begins, by rising character.
    speakers: (character, name) pairs: from where in `text` somebody else is speaking, by rising
    character; empty where nobody is named. Names are shown beside a moment, and not searched.
    """

    kind: str
    text: str
    place: int
    offsets: tuple[tuple[int, int], ...] = ()
    speakers: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Document:
    """What can be found. `id` is opaque: it outlives the words in a tombstone."""

    id: str
    title: str
    people: str = ""
    tags: str = ""
    summary: str = ""
    passages: tuple[Passage, ...] = ()


def storable(document: Document) -> Document:
    """The document with the few characters replaced that cannot be stored or serve as marks.

    Raises ValueError, naming the field and never its words, for a document that makes no sense.
    """
    if not document.id:
        raise ValueError("A document needs an id.")
    if len(document.passages) >= MAX_PASSAGES:
        raise ValueError(f"A document has {MAX_PASSAGES - 1} passages at most: cut it longer.")
    return replace(
        document,
        title=cleaned(document.title),
        people=cleaned(document.people),
        tags=cleaned(document.tags),
        summary=cleaned(document.summary),
        passages=tuple(_checked(passage) for passage in document.passages),
    )


def body(passages: tuple[Passage, ...]) -> str:
    """All passages as one text, in which words said once stand once.

    Speech passages overlap by a cue; counted twice it would weigh twice, and a phrase that runs
    over a cut must still be found.
    """
    parts: list[str] = []
    before: Passage | None = None
    for passage in passages:
        parts.append(passage.text[_overlap(before, passage) :].strip())
        before = passage
    return "\n".join(parts)


def _overlap(before: Passage | None, passage: Passage) -> int:
    """How many characters of a passage already stood at the end of the one before."""
    if before is None or not (before.offsets and passage.offsets):
        return 0
    last_said = before.offsets[-1][1]
    for character, _ in reversed(passage.offsets[1:]):
        head = passage.text[:character].strip()
        if passage.place <= last_said and head and before.text.endswith(head):
            return character
    return 0


def _checked(passage: Passage) -> Passage:
    if passage.kind not in {SPEECH, TEXT}:
        raise ValueError("A passage's kind should be speech or text.")
    if passage.place < 0 or any(ms < 0 for _, ms in passage.offsets):
        raise ValueError("A passage's place and times should not be below zero.")
    for pairs in (passage.offsets, passage.speakers):
        characters = [character for character, _ in pairs]
        if characters != sorted(set(characters)) or any(c < 0 for c in characters):
            raise ValueError("A passage's offsets and speakers should rise by character.")
    speakers = tuple((character, cleaned(name)) for character, name in passage.speakers)
    return replace(passage, text=cleaned(passage.text), speakers=speakers)


def cleaned(text: str) -> str:
    """A text of the same length, without what can't be stored and what serves as a mark."""
    return _UNSTORABLE.sub("\ufffd", text)
