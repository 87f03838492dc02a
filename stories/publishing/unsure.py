"""Words as they are read with care: those that a computer was not sure of, and who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from media_pipeline import api as media
from stories.pages.show import ShownCue

SURE = 0.5  # of 1: below it about half of the words were wrong (decision 18)


@dataclass(frozen=True)
class Piece:
    text: str
    unsure: bool


@dataclass(frozen=True)
class ReadCue(ShownCue):
    """A cue to be read with care: its text in pieces, sure and unsure."""

    pieces: tuple[Piece, ...]


def to_read(cues: list[media.Cue]) -> list[ReadCue]:
    """Cues with their doubts, and with who begins to speak in each."""
    return [
        ReadCue(cue.start, cue.text, turn, _pieces(cue))
        for cue, turn in zip(cues, media.turns(cues), strict=True)
    ]


def speakers(cues: list[media.Cue]) -> list[str]:
    """Who is named as speaking, each once, in the order in which they begin."""
    return list(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))


def number_unsure(cues: list[media.Cue]) -> int:
    """How many words a computer was not sure of."""
    return sum(_is_unsure(word) for cue in cues for word in cue.words)


def _is_unsure(word: media.Word) -> bool:
    return word.probability < SURE


def _pieces(cue: media.Cue) -> tuple[Piece, ...]:
    """A person's words have no times and no doubts, and are one piece."""
    if " ".join(word.text for word in cue.words) != cue.text:
        return (Piece(cue.text, False),)
    runs = groupby(cue.words, _is_unsure)
    return tuple(Piece(" ".join(word.text for word in run), unsure) for unsure, run in runs)
