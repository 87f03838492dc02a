"""What a search gives back. Texts are plain: whoever shows them escapes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.query import And


@dataclass(frozen=True)
class Fragment:
    """A run of text, matched by the search or not. Joined, fragments read as the original."""

    text: str
    matched: bool


@dataclass(frozen=True)
class Moment:
    """A place in a document where the search was met.

    kind: "speech" or "text".
    place: for speech the millisecond at which the shortest stretch begins that holds all of the
    marked words (or its cue, where words have no times): seeking a second earlier is kinder to the
    ear, and up to the caller; for text the paragraph's number from 1.
    fragments: some 25 words around the match.
    speaker: who says it, where somebody wrote that down; else "".
    """

    kind: str
    place: int
    fragments: list[Fragment]
    speaker: str = ""


@dataclass(frozen=True)
class Hit:
    """A document that was found. A higher score is a better one; compare within one search only."""

    document_id: str
    score: float
    title: list[Fragment]
    summary: list[Fragment]
    moments: list[Moment]


@dataclass(frozen=True)
class Answered:
    """How a search was read.

    relaxed: nothing held all of the words; these hold some.
    meant: what was probably meant, as it could be typed, where a word is in nothing at all; else
    empty. corrected: these hits are for that, and `exactly` is how to ask for what was typed.
    problem: a sentence for the visitor when the search could not be run, else empty.
    resting: it is not about what was typed: the search server is away for a while.
    """

    relaxed: bool = False
    meant: str = ""
    corrected: bool = False
    exactly: str = ""
    problem: str = ""
    resting: bool = False


@dataclass(frozen=True)
class Results(Answered):
    """One page of hits, best first. total: how many documents there are in all, exactly."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True)
class Matches(Answered):
    """All documents that match, each with its score, best first. tree: what they match."""

    scores: dict[str, float] = field(default_factory=dict)
    tree: And | None = None

    @property
    def total(self) -> int:
        return len(self.scores)
