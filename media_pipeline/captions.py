"""Words into cues that can be read in the time they are shown, and cues into WebVTT.

The usual reading rules of broadcasters. A cue has at most two lines of 42 letters. It stands for
one to seven seconds, and long enough to be read at 17 letters a second: it stays on in the silence
that follows. Between two cues there are at least two frames, or nothing. A cue never hides the
next one: where people speak faster than that, it ends when the next words begin, and that is the
only case in which it is too short or too fast.
"""

from __future__ import annotations

import html
import io
import itertools
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import webvtt

from media_pipeline.transcriber import Word

LINE, LINES = 42, 2  # letters, lines
LEAST, MOST, PAUSE = 1.0, 7.0, 1.0  # seconds
READ = 17.0  # letters a second, spaces included
GAP = 0.08  # seconds: two frames of 25
SHORTEST = 0.2  # seconds: what a cue stands where a model hears two at one moment
RULES = {
    "line": LINE, "lines": LINES, "least": LEAST, "most": MOST, "pause": PAUSE, "read": READ,
    "gap": GAP,
}  # fmt: skip
SENTENCE = (".", "?", "!", "…")
PHRASE = (",", ";", ":", "\N{EN DASH}", "\N{EM DASH}")
BREATH = 0.25  # seconds
LITTLE = 20  # letters: what is shorter is not left alone on the screen for a comma's sake
# Words that begin a phrase.
BEGIN = frozenset(
    {
        "and", "but", "or", "so", "because", "that", "which", "who", "when", "where", "while",
        "if", "then", "than", "as", "to", "of", "in", "on", "at", "for", "with", "from", "by",
        "about", "into", "after", "before", "until",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Cue:
    """What is said between `start` and `end` (seconds), on one line; the words with times.

    speaker: whose voice it is, as a person wrote it; "" where nobody did.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...]
    speaker: str = ""


def cues(words: list[Word]) -> list[Cue]:
    """Break at sentences and pauses; where neither comes in time, at a phrase, else at a word."""
    groups: list[list[Word]] = []
    current: list[Word] = []
    for word in words:
        if current and _pauses(current, word):
            groups.append(current)
            current = []
        if current and not _fits([*current, word]):
            head, current = _split(current, word)
            groups.append(head)
            if current and not _fits([*current, word]):
                groups.append(current)
                current = []
        current.append(word)
    if current:
        groups.append(current)
    starts = list(
        itertools.accumulate(
            (group[0].start for group in groups), lambda last, now: max(now, last + SHORTEST)
        )
    )
    following: list[float | None] = [*starts[1:], None]
    return [_cue(*each) for each in zip(groups, starts, following, strict=False)]


def lines(text: str) -> str:
    """The text in the fewest lines that fit, as even as they can be."""
    fewest = _wrap(text, LINE)
    if len(fewest) == LINES:
        for narrower in range(len(text) // 2, LINE):
            even = textwrap.wrap(text, narrower, break_long_words=False, break_on_hyphens=False)
            if len(even) == LINES and max(map(len, even)) <= narrower:
                return "\n".join(even)
    return "\n".join(fewest)


def fits(text: str) -> bool:
    """Whether a text has room in one cue."""
    return len(_wrap(text, LINE)) <= LINES


def moved(cue: Cue, start: float, end: float) -> Cue:
    """The cue at another time, each of its words at the same share of it."""
    pace = (end - start) / (cue.end - cue.start) if cue.end > cue.start else 0.0

    def at(when: float) -> float:
        return round(start + (when - cue.start) * pace, 3)

    words = tuple(replace(word, start=at(word.start), end=at(word.end)) for word in cue.words)
    return replace(cue, start=start, end=end, words=words)


def shared(group: list[Cue], begin: float, end: float) -> list[Cue]:
    """The cues one after another from `begin` to `end` (seconds), each with its share by its
    letters."""
    letters, found, at = sum(len(cue.text) or 1 for cue in group), [], begin
    for cue in group:
        until = at + (end - begin) * (len(cue.text) or 1) / letters
        found.append(replace(cue, start=round(at, 3), end=round(until, 3)))
        at = until
    return found


def turns(cues: Sequence[Cue]) -> list[str]:
    """For each cue who begins to speak in it; "" where the voice is the one before, or unnamed."""
    now, found = "", []
    for cue in cues:
        found.append("" if cue.speaker == now else cue.speaker)
        now = cue.speaker
    return found


def numbered(cues: Sequence[Cue]) -> list[Cue]:
    """The same cues with "Speaker 1", 2 and so on for names, in the order in which they begin: for
    what is made once, while a name may be taken back at any time."""
    known = list(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))
    return [
        replace(cue, speaker=f"Speaker {known.index(cue.speaker) + 1}") if cue.speaker else cue
        for cue in cues
    ]


def told(cues: Sequence[Cue]) -> list[str]:
    """The text of each cue, with the name of whoever begins to speak in it, for plain text."""
    pairs = zip(turns(cues), cues, strict=True)
    return [f"{turn}: {cue.text}" if turn else cue.text for turn, cue in pairs]


def _safe(cue: Cue) -> str:
    """A cue's text, in a voice span where somebody is named, with the three letters that WebVTT
    reads as markup made harmless."""
    text = html.escape(lines(cue.text), quote=False)
    return f"<v {html.escape(cue.speaker, quote=False)}>{text}" if cue.speaker else text


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _text(group: list[Word]) -> str:
    return " ".join(word.text for word in group)


def _fits(group: list[Word]) -> bool:
    return fits(_text(group)) and group[-1].end - group[0].start <= MOST


def _pauses(current: list[Word], word: Word) -> bool:
    if word.start - current[-1].end >= PAUSE:
        return True
    shown = current[-1].end - current[0].start
    return current[-1].text.endswith(SENTENCE) and shown >= LEAST


def _split(group: list[Word], following: Word) -> tuple[list[Word], list[Word]]:
    """Everything up to the last phrase's end, if that is not too little; otherwise all of it.

    A phrase ends at a mark, else at a breath, else before a word that begins one.
    """
    pairs = list(itertools.pairwise([*group, following]))
    marks: tuple[Callable[[Word, Word], bool], ...] = (
        lambda word, _: word.text.endswith((*SENTENCE, *PHRASE)),
        lambda word, after: after.start - word.end >= BREATH,
        lambda _, after: after.text.lower().strip(",.") in BEGIN,
    )
    for ends in marks:
        for at in range(len(group), 0, -1):
            if len(_text(group[:at])) < LITTLE:
                break
            if ends(*pairs[at - 1]):
                return group[:at], group[at:]
    return group, []


def _cue(group: list[Word], start: float, following: float | None) -> Cue:
    """Long enough to be read, if the next one, which begins at `following`, leaves the time."""
    text = _text(group)
    end = max(group[-1].end, start + LEAST, start + len(text) / READ)
    # A model can hear one word for a very long time; nobody needs to read it that long.
    end = min(end, start + MOST)
    if following is not None and following - end < GAP:
        end = following if following - start <= MOST else following - GAP
    return Cue(round(start, 3), round(end, 3), text, tuple(group))


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
