"""What a scan looked at, and what it found; never a word of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from stories.publishing.scan.wanted import Match

MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Finding:
    """`reference` is "" where it can't be told whose it is. Not `sure`: a person should look."""

    where: str
    what: str
    reference: str
    sure: bool


@dataclass
class Report:
    """`looked`: {place: {unit: count}}; `found`: {finding: where exactly, at most a few}.

    `kept` are references whose sources may stay for now. `notes`: what can't be looked into.
    """

    kept: frozenset[str] = frozenset()
    looked: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    found: dict[Finding, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, place: str, **units: int) -> None:
        self.looked[place].update(units)

    def add(
        self, where: str, matches: Iterable[Match], row: object = "", *, source: bool = False
    ) -> None:
        """`source`: a place where the sources of a story are that is still kept."""
        for match in matches:
            if not (source and match.reference in self.kept):
                finding = Finding(where, match.what, match.reference, match.sure)
                examples = self.found.setdefault(finding, [])
                if row != "" and len(examples) < MOST_EXAMPLES and str(row) not in examples:
                    examples.append(str(row))

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def is_clean(self, reference: str) -> bool:
        """Nothing sure was found of this story, nor anything that can't be told apart from it."""
        return not any(
            finding.sure and finding.reference in {reference, ""} for finding in self.found
        )

    @property
    def failed(self) -> bool:
        return any(finding.sure for finding in self.found)
