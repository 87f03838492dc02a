"""From an engine's highlight to fragments, a short stretch, and the millisecond.

The same for every engine: each can put MARK_START and MARK_END around what it matched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.closeness import Stretch, Wanted
from search.documents import MARK_END, MARK_START, SPEECH
from search.results import Fragment, Moment
from search.wording import SENTENCE_BREAK, TOKEN

WORDS_SHOWN = 25
WORDS_BEFORE = 8
# Passages of a document that are looked at before some are chosen.
CANDIDATES = 12
# A "word" of a script without spaces can be a whole page.
MOST_CHARACTERS = 400

Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """A passage as an engine found it: `text` still holds the marks."""

    kind: str
    place: int
    offsets: Sequence[Sequence[int]]
    speakers: Sequence[Sequence]  # (character, name)
    text: str


def strip_marks(marked: str) -> tuple[str, list[Span]]:
    """The plain text, and the (start, end) characters of what was marked in it: each mark that
    begins ends before the next, as engines set them."""
    before, *pieces = marked.split(MARK_START)
    plain, length = [before], len(before)
    spans: list[Span] = []
    for piece in pieces:
        inside, _, after = piece.partition(MARK_END)
        spans.append((length, length + len(inside)))
        plain += inside, after
        length += len(inside) + len(after)
    return "".join(plain), spans


def mark(text: str, spans: Iterable[Span]) -> str:
    """The way back: a text with marks around these (start, end), of which none begins earlier than
    the one before. Those that meet inside become one."""
    parts: list[str] = []
    reached = 0
    for start, end in _apart(spans):
        parts += [text[reached:start], MARK_START, text[start:end], MARK_END]
        reached = end
    return "".join([*parts, text[reached:]])


def _apart(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def fragments(text: str, spans: Iterable[Span], start: int, end: int) -> list[Fragment]:
    """text[start:end] in matched and unmatched runs, with an ellipsis where it was cut."""
    found: list[Fragment] = []
    reached = start
    for first, last in spans:
        first, last = max(first, reached), min(last, end)
        if first >= last:
            continue
        if reached < first:
            found.append(Fragment(text[reached:first], False))
        found.append(Fragment(text[first:last], True))
        reached = last
    if reached < end:
        found.append(Fragment(text[reached:end], False))
    if text[:start].strip():
        found.insert(0, Fragment("… ", False))
    if text[end:].strip():
        found.append(Fragment(" …", False))
    return found


def whole(marked: str) -> list[Fragment]:
    """All of a marked text, uncut."""
    text, spans = strip_marks(marked)
    return fragments(text, spans, 0, len(text))


def choose(passages: Iterable[Marked], most: int, wanted: Wanted) -> list[Moment]:
    """The first `most` different moments of passages that come best first.

    Those come before with more of what is wanted; with the same of it, the closer together the
    sooner. Speech passages overlap, and a long paragraph is several: what was shown is not shown
    again.
    """
    found = [_met(passage, wanted) for passage in passages if MARK_START in passage.text]
    # Of as many words, which say more is the engine's to tell: by the first passage with them.
    ranks = {met.stretch.present: rank for rank, met in reversed(list(enumerate(found)))}
    found.sort(key=lambda met: (-len(met.stretch.present), ranks[met.stretch.present], *met.worth))
    moments: list[Moment] = []
    shown: set[tuple[str, int]] = set()
    for met in found:
        if len(moments) >= most:
            break
        kind, text = met.passage.kind, met.text
        at = _places(met)
        fresh = [span for span in met.spans if (kind, at[span]) not in shown]
        if not fresh:
            continue
        stretch = met.stretch if len(fresh) == len(met.spans) else wanted.closest(text, fresh)
        inside = [span for span in fresh if stretch.start <= span[0] < stretch.end]
        start, end = shorten(text, inside)
        first = next(span[0] for span in inside if start <= span[0] < end)
        shown.update((kind, at[span]) for span in met.spans if start <= span[0] < end)
        place = next(at[span] for span in inside if span[0] == first)
        speaker = _speaking(met.passage.speakers, first)
        moments.append(Moment(kind, place, fragments(text, met.spans, start, end), speaker))
    return moments


@dataclass(frozen=True)
class _Met:
    """A passage, its plain text, where its marks are in it, and where most of them are closest.

    worth: the less the better, beside passages with the same of what is wanted.
    """

    passage: Marked
    text: str
    spans: list[Span]
    stretch: Stretch
    worth: tuple[int, int]


def _met(passage: Marked, wanted: Wanted) -> _Met:
    text, spans = strip_marks(passage.text)
    stretch = wanted.closest(text, spans)
    return _Met(passage, text, spans, stretch, (stretch.length, -len(spans)))


def shorten(text: str, spans: Sequence[Span]) -> Span:
    """The (start, end) of some WORDS_SHOWN words with the most different matches.

    Begins with the match's own sentence where that fits, else a few words before the match, and
    ends with a sentence where one ends after it.
    """
    tokens = [token.span() for token in TOKEN.finditer(text)]
    begins = [a for a, _ in tokens]
    opens = {0, *(bisect_right(begins, end.end()) for end in SENTENCE_BREAK.finditer(text))}
    hits = [bisect_right(begins, start) - 1 for start, _ in spans]
    words = [text[a:b].casefold() for a, b in spans]
    candidates: set[int] = set()
    for hit in hits:
        latest = max(0, min(hit - WORDS_BEFORE, len(tokens) - WORDS_SHOWN))
        candidates.add(latest)
        candidates.update(n for n in range(max(0, hit - WORDS_SHOWN + 1), hit + 1) if n in opens)

    def worth(first: int) -> tuple[int, int, bool, int]:
        end = first + WORDS_SHOWN
        inside = [word for word, hit in zip(words, hits, strict=True) if first <= hit < end]
        opening = first in opens
        return len(set(inside)), len(inside), opening, first if opening else -first

    first = max(candidates, key=worth)
    final = min(first + WORDS_SHOWN, len(tokens))
    last_hit = max(hit for hit in hits if first <= hit < final)
    if final < len(tokens):
        final = max((n for n in opens if last_hit < n <= final), default=final)
    return _within(tokens[first][0], tokens[final - 1][1], spans)


def _within(start: int, end: int, spans: Sequence[Span]) -> Span:
    """At most MOST_CHARACTERS, around the first match."""
    if end - start <= MOST_CHARACTERS:
        return start, end
    match = next(first for first, _ in spans if first >= start)
    start = max(start, match - MOST_CHARACTERS // 2)
    return start, min(end, start + MOST_CHARACTERS)


def _speaking(speakers: Sequence[Sequence], character: int) -> str:
    """Who speaks at a character; "" for nobody named."""
    return next((name for begins, name in reversed(speakers) if begins <= character), "")


def _places(met: _Met) -> dict[Span, int]:
    """For each mark the millisecond of what begins at or before it; a paragraph's number."""
    passage = met.passage
    if passage.kind != SPEECH or not passage.offsets:
        return dict.fromkeys(met.spans, passage.place)
    begin, times = zip(*passage.offsets, strict=True)
    numbers = {span: bisect_right(begin, span[0]) for span in met.spans}
    return {span: times[at - 1] if at else passage.place for span, at in numbers.items()}
