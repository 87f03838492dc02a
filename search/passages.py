"""Cutting speech and text into passages of a length in which a match means something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search.documents import SPEECH, TEXT, Passage
from search.wording import SENTENCE_END, TOKEN

LEAST_WORDS = 60
MOST_WORDS = 120
# How far ahead in a cue a timed word is looked for: captions are edited, timings are not.
_LOOK_AHEAD = 6
_NO_LETTERS = re.compile(r"[\W_]+")


class Cue(NamedTuple):
    """A caption: when it starts in milliseconds, what it says, when each word does, and who speaks.

    words: (start in milliseconds, word) pairs as the recogniser heard them. They may differ from
    `text`, which a person may have mended; those that are not found in it are passed over.
    """

    start: int
    text: str
    words: Sequence[tuple[int, str]] = ()
    speaker: str = ""


class _Piece(NamedTuple):
    """A cue ready to be joined: offsets are into its own text, which is stripped."""

    start: int
    text: str
    offsets: tuple[tuple[int, int], ...]
    words: int
    speaker: str


def cut_speech(cues: Sequence[Cue | tuple[int, str]]) -> tuple[Passage, ...]:
    """Passages of 60 to 120 words, cut between cues, best where a sentence ends or somebody else
    begins, each beginning with the last cue of the one before, so that a phrase across the cut is
    met whole. Plain (milliseconds, text) pairs will do.
    """
    pieces = [piece for cue in cues for piece in _pieces(Cue(*cue))]
    passages: list[Passage] = []
    held: list[_Piece] = []
    fresh = False
    for piece in pieces:
        size = sum(each.words for each in held)
        full = size + piece.words > MOST_WORDS
        rounded = size >= LEAST_WORDS and (
            piece.speaker != held[-1].speaker or bool(SENTENCE_END.search(held[-1].text))
        )
        if fresh and (full or rounded):
            passages.append(_joined(held))
            # A long cue is not worth saying twice.
            held = held[-1:] if held[-1].words <= LEAST_WORDS // 2 else []
        held.append(piece)
        fresh = True
    if fresh:
        passages.append(_joined(held))
    return tuple(passages)


def cut_text(paragraphs: Sequence[str]) -> tuple[Passage, ...]:
    """A passage for each paragraph, and several of the same number for one over 120 words.

    The number is the paragraph's place in what was given, from 1; blank ones count, but make no
    passage.
    """
    return tuple(
        Passage(TEXT, paragraph[start:end], number)
        for number, paragraph in enumerate(paragraphs, start=1)
        for start, end in _stretches(paragraph, MOST_WORDS)
    )


def _stretches(text: str, most: int) -> Iterator[tuple[int, int]]:
    """(start, end) of pieces of at most `most` words, ending with a sentence where one ends in
    the second half."""
    tokens = list(TOKEN.finditer(text))
    first = 0
    while first < len(tokens):
        last = min(first + most, len(tokens)) - 1
        if last < len(tokens) - 1:
            for end in range(last, first + most // 2, -1):
                if SENTENCE_END.search(tokens[end][0]):
                    last = end
                    break
        yield tokens[first].start(), tokens[last].end()
        first = last + 1


def _pieces(cue: Cue) -> Iterator[_Piece]:
    """A cue as it is, or a long one (a whole page pasted as one caption) in several."""
    offsets = times_of(cue)
    for start, end in _stretches(cue.text, LEAST_WORDS):
        own = tuple((at - start, ms) for at, ms in offsets if start <= at < end)
        begins = own[0][1] if own and own[0][0] == 0 else _before(offsets, start)
        if not own or own[0][0] > 0:
            own = ((0, begins), *own)
        text = cue.text[start:end]
        yield _Piece(begins, text, own, len(TOKEN.findall(text)), cue.speaker)


def _before(offsets: list[tuple[int, int]], character: int) -> int:
    return [ms for at, ms in offsets if at <= character][-1]


def times_of(cue: Cue) -> list[tuple[int, int]]:
    """Where each timed word begins in the cue's text; the cue's own start comes first."""
    tokens = [(token.start(), _bare(token[0])) for token in TOKEN.finditer(cue.text)]
    found = {0: cue.start}
    if tokens:
        found[tokens[0][0]] = cue.start
    reached = 0
    for ms, word in cue.words:
        wanted = _bare(word)
        for number in range(reached, min(reached + _LOOK_AHEAD, len(tokens))):
            if wanted and tokens[number][1] == wanted:
                found[tokens[number][0]] = ms
                reached = number + 1
                break
    return sorted(found.items())


def _bare(word: str) -> str:
    return (word if word.isalnum() else _NO_LETTERS.sub("", word)).casefold()


def _joined(pieces: list[_Piece]) -> Passage:
    """Pieces side by side with a space between, their offsets moved along."""
    texts: list[str] = []
    offsets: list[tuple[int, int]] = []
    speakers: list[tuple[int, str]] = []
    length, speaker = 0, ""
    for piece in pieces:
        offsets.extend((at + length, ms) for at, ms in piece.offsets)
        if piece.speaker != speaker:
            speakers.append((length, piece.speaker))
            speaker = piece.speaker
        texts.append(piece.text)
        length += len(piece.text) + 1
    return Passage(SPEECH, " ".join(texts), pieces[0].start, tuple(offsets), tuple(speakers))
