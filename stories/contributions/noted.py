"""Where in a story its content notes apply: passages that can be skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from stories.contributions.versions import StoryVersion

# A found place shows some 25 words, and a slow speaker takes half a minute to say them.
REACH_SECONDS = 30


@dataclass(frozen=True)
class Passage:
    """What one note (the slug of its term) is about.

    In a recording `start` and `end` are whole seconds; else the first and the last paragraph,
    counted from 1.
    """

    note: str
    start: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """Passages that overlap or touch, as one part to skip: from `start` up to, without, `after`."""

    start: int
    after: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Noted:
    """The content notes of one story, and where they apply.

    spoken: places are seconds, not paragraphs. everywhere: there is a note of which nobody has said
    where it applies, so that it may be anywhere.
    """

    passages: tuple[Passage, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    spoken: bool = False
    everywhere: bool = False

    def may_show(self, spoken: bool, place: float) -> bool:
        """Whether words around a place, a second or a paragraph, can stand in a list unasked."""
        if self.everywhere:
            return False
        if spoken != self.spoken:
            return True  # what a recording is about, beside passages of what is said
        reach = REACH_SECONDS if spoken else 0
        return not any(each.start - reach <= place < each.after + reach for each in self.stretches)


def noted_of(version: StoryVersion) -> Noted:
    """As a version has it. No query."""
    passages = tuple(Passage(**kept) for kept in version.noted_passages)
    spoken = version.asset_id is not None
    somewhere = {passage.note for passage in passages}
    return Noted(
        passages,
        tuple(_joined(passages, spoken)),
        spoken,
        everywhere=not somewhere.issuperset(version.content_notes),
    )


def as_kept(passages: Iterable[Passage]) -> list[dict]:
    """As StoryVersion.noted_passages holds them, in their order."""
    ordered = sorted(passages, key=lambda each: (each.start, each.end, each.note))
    return [asdict(passage) for passage in ordered]


def _joined(passages: Iterable[Passage], spoken: bool) -> list[Stretch]:
    found: list[Stretch] = []
    for passage in sorted(passages, key=lambda each: each.start):
        after = passage.end if spoken else passage.end + 1
        last = found[-1] if found else None
        if last is None or passage.start > last.after:
            found.append(Stretch(passage.start, after, (passage.note,)))
            continue
        notes = tuple(dict.fromkeys([*last.notes, passage.note]))
        found[-1] = Stretch(last.start, max(last.after, after), notes)
    return found
