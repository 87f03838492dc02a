"""Words into cues that can be read in the time they are shown, and cues into WebVTT."""

from __future__ import annotations

import html
import io
import textwrap
from dataclasses import dataclass

import webvtt

from media_pipeline.transcriber import Word

# The usual reading rules of broadcasters: two lines of 42 letters, one to seven seconds.
LINE, LINES = 42, 2  # letters, lines
LEAST, MOST, PAUSE = 1.0, 7.0, 1.0  # seconds
RULES = {"line": LINE, "lines": LINES, "least": LEAST, "most": MOST, "pause": PAUSE}
SENTENCE = (".", "?", "!", "…")
PHRASE = (",", ";", ":", "\N{EN DASH}", "\N{EM DASH}")
LITTLE = 20  # letters: what is shorter is not left alone on the screen for a comma's sake


@dataclass(frozen=True)
class Cue:
    """What is said between `start` and `end` (seconds), on one line; the words with times."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...]


def cues(words: list[Word]) -> list[Cue]:
    """Break at sentences and pauses; where neither comes in time, at a phrase, else at a word."""
    groups: list[list[Word]] = []
    current: list[Word] = []
    for word in words:
        if current and _pauses(current, word):
            groups.append(current)
            current = []
        if current and not _fits([*current, word]):
            head, current = _split(current)
            groups.append(head)
            if current and not _fits([*current, word]):
                groups.append(current)
                current = []
        current.append(word)
    if current:
        groups.append(current)
    following = [*groups[1:], None][: len(groups)]
    return [_cue(*pair) for pair in zip(groups, following, strict=True)]


def lines(text: str) -> str:
    """The text in the fewest lines that fit, as even as they can be."""
    width = LINE
    fewest = _wrap(text, width)
    if len(fewest) == LINES:
        for narrower in range(len(text) // 2, width):
            even = _wrap(text, narrower)
            if len(even) == len(fewest):
                return "\n".join(even)
    return "\n".join(fewest)


def _safe(cue: Cue) -> str:
    """A cue's text with the three letters that WebVTT reads as markup made harmless."""
    return html.escape(lines(cue.text), quote=False)


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _text(group: list[Word]) -> str:
    return " ".join(word.text for word in group)


def _fits(group: list[Word]) -> bool:
    lines = _wrap(_text(group), LINE)
    return len(lines) <= LINES and group[-1].end - group[0].start <= MOST


def _pauses(current: list[Word], word: Word) -> bool:
    if word.start - current[-1].end >= PAUSE:
        return True
    shown = current[-1].end - current[0].start
    return current[-1].text.endswith(SENTENCE) and shown >= LEAST


def _split(group: list[Word]) -> tuple[list[Word], list[Word]]:
    """Everything up to the last phrase's end, if that is not too little; otherwise all of it."""
    for at in range(len(group), 0, -1):
        if len(_text(group[:at])) < LITTLE:
            break
        if group[at - 1].text.endswith((*SENTENCE, *PHRASE)):
            return group[:at], group[at:]
    return group, []


def _cue(group: list[Word], following: list[Word] | None) -> Cue:
    start, end = group[0].start, group[-1].end
    if end - start < LEAST:
        room = following[0].start if following else start + LEAST
        end = max(end, min(start + LEAST, room))
    # A model can hear one word for a very long time; nobody needs to read it that long.
    return Cue(start, min(end, start + MOST), _text(group), tuple(group))


def _time(seconds: float) -> str:
    """hh:mm:ss.mmm"""
    whole = round(seconds * 1000)
    hours, rest = divmod(whole, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def to_webvtt(cues: list[Cue]) -> str:
    """The captions file (W3C WebVTT)."""
    captions = webvtt.WebVTT()
    for cue in cues:
        times = _time(cue.start), _time(cue.end)
        captions.captions.append(webvtt.Caption(*times, _safe(cue)))
    out = io.StringIO()
    captions.write(out)
    return out.getvalue()
