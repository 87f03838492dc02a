"""Which of the marks in a passage belong together: where all that was looked for stands closest.

The same for every engine. A mark is told apart by the letters that it begins with: stemmers of
English take off endings only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise, takewhile

from search.folding import fold, fold_words
from search.query import And, Leaf, Phrase, Prefix, apart, is_open

Span = tuple[int, int]

# Characters that a stretch counts as longer, for each word that is not in the form that was typed,
# and for each two in another order than they were typed in. Of 0, 30, 60 and 100 the best on the
# tuning half of benchmarks/search, whose words are typed in the order in which they were said;
# without either the 95th percentile there is 1.1 seconds off, else 0.
OTHER_FORM = 100
OTHER_ORDER = 100


@dataclass(frozen=True)
class Stretch:
    """start, end: characters of the passage. present: which of the wanted groups stand in it.
    length: in characters, with what its form and order add; the less the better."""

    start: int
    end: int
    present: frozenset[int]
    length: int


@dataclass(frozen=True)
class Meant:
    """The groups that a mark stands for; and whether it is in the form that was typed."""

    groups: frozenset[int]
    exact: bool


class Wanted:
    """What is looked for, to find it again among the marks of a passage."""

    def __init__(self, tree: And) -> None:
        self._forms = [
            (form, number, is_open(leaf))
            for number, group in enumerate(apart(tree))
            for leaf in group
            for form in _forms(leaf)
        ]
        self._known: dict[str, Meant] = {}

    def closest(self, text: str, spans: Sequence[Span]) -> Stretch:
        """The shortest stretch of a text with as much of what is wanted as there is in it.

        spans: (start, end) of its marks, one at least, by rising start.
        """
        marks = [(span, self._meant(text[span[0] : span[1]])) for span in spans]
        present = frozenset(number for _, meant in marks for number in meant.groups)
        if len(present) == 1:
            # Each mark by itself, as _windows() would give them.
            length, start, end = min(_alone(span, meant.exact) for span, meant in marks)
        else:
            length, start, end = min(map(_length, _windows(marks, present)))
        return Stretch(start, end, present, length)

    def _meant(self, marked: str) -> Meant:
        if marked not in self._known:
            found = " ".join(fold_words(marked).split())
            near = [_alike(found, form) for form, _, _ in self._forms]
            groups = {
                number
                for length, (_, number, _) in zip(near, self._forms, strict=True)
                if length == max(near)
            }
            exact = any(
                found == form or (begun and found.startswith(form))
                for form, _, begun in self._forms
            )
            self._known[marked] = Meant(frozenset(groups), exact)
        return self._known[marked]


def _windows(
    marks: Sequence[tuple[Span, Meant]], present: AbstractSet[int]
) -> Iterator[list[tuple[Span, bool]]]:
    """For each mark at which all groups have been met: where, by group, each was met last."""
    last: dict[int, tuple[Span, bool]] = dict.fromkeys(sorted(present), ((-1, -1), False))
    missing = set(present)
    for span, meant in marks:
        for number in meant.groups:
            last[number] = span, meant.exact
        missing -= meant.groups
        if not missing:
            yield list(last.values())


def _length(window: Sequence[tuple[Span, bool]]) -> tuple[int, int, int]:
    """In characters, with what its form and order add; and the (start, end) of a window of several
    groups."""
    starts = [span[0] for span, _ in window]
    start, end = min(starts), max(span[1] for span, _ in window)
    swapped = sum(after < before for before, after in pairwise(starts))
    others = sum(not exact for _, exact in window)
    return end - start + OTHER_FORM * others + OTHER_ORDER * swapped, start, end


def _alone(span: Span, exact: bool) -> tuple[int, int, int]:
    """The same for one mark."""
    start, end = span
    return (end - start if exact else end - start + OTHER_FORM), start, end


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _forms(leaf: Leaf) -> list[str]:
    """What a mark may look like: engines mark a phrase as one or word by word."""
    if isinstance(leaf, Phrase):
        return [fold(" ".join(leaf.words)), *map(fold, leaf.words)]
    return [fold(leaf.start if isinstance(leaf, Prefix) else leaf.word)]
