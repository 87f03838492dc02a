"""What changed between two wordings, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Part:
    """Some words in a row. `changed`: they stand on one side only."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Difference:
    """One field before and after, each as parts that together are its whole text."""

    label: str
    before: list[Part]
    after: list[Part]

    @property
    def is_none(self) -> bool:
        return not any(part.changed for part in self.before + self.after)


def difference(label: str, before: str, after: str) -> Difference:
    """Compare by words and gaps, so that a changed full stop marks its word and no more."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Part("".join(old[a:b]), kind != "equal"))
        if c < d:
            right.append(Part("".join(new[c:d]), kind != "equal"))
    return Difference(label, _joined(left), _joined(right))


def _joined(parts: list[Part]) -> list[Part]:
    """Changes that only a gap keeps apart are one change, easier to read and to hear."""
    joined: list[Part] = []
    for part in parts:
        if part.changed and len(joined) > 1 and joined[-1].text.isspace() and joined[-2].changed:
            gap, before = joined.pop(), joined.pop()
            part = Part(before.text + gap.text + part.text, True)
        joined.append(part)
    return joined
