"""Words looked for on one story's page: in what it shows at this moment, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from media_pipeline import api as media
from search import api as search
from stories.pages.synonyms import synonyms

MOST_LINKS = 20
LEAD_IN_MS = 1000  # playing starts a second before a word, so that it is not cut


@dataclass(frozen=True)
class Found:
    """What a story's page holds of what was typed.

    The page's texts are its `spoken` cues and then its paragraphs, numbered from 0 through both.
    """

    typed: str = ""
    spoken: int = 0
    within: search.Within = field(default_factory=search.Within)

    @property
    def total(self) -> int:
        return len(self.within.matches)

    @property
    def problem(self) -> str:
        return self.within.problem

    @property
    def address(self) -> str:
        """What makes an address of this page mark the same words: "find=…", or nothing."""
        return urlencode({"find": self.typed}) if self.typed else ""

    @property
    def first_texts(self) -> list[int]:
        """The numbers of the first texts with a match, for a page that runs no script."""
        return sorted({match.text for match in self.within.matches})[:MOST_LINKS]

    @property
    def answer(self) -> dict:
        """As JSON has it. matches: the second at which each is said, null where it is only
        written. texts: by number, those with a match, in runs of [text, match or null].
        """
        matches, runs = self.within.matches, self.within.runs
        return {
            "problem": self.problem,
            "matches": [each.place / 1000 if each.text < self.spoken else None for each in matches],
            "texts": {text: [[run.text, run.match] for run in runs[text]] for text in runs},
        }

    def runs(self, number: int, text: str) -> list[search.Run]:
        """A text of the page, with what was found in it marked."""
        return self.within.runs.get(number) or [search.Run(text)]


def find_on_page(typed: str, cues: Sequence[media.Cue], paragraphs: Sequence[str]) -> Found:
    """Every match in what a story's page shows."""
    if not typed:
        return Found(spoken=len(cues))
    texts: list[search.Cue | str] = [*map(as_search_cue, cues), *paragraphs]
    return Found(typed, len(cues), search.find_within(typed, texts, synonyms=synonyms()))


def as_search_cue(cue: media.Cue) -> search.Cue:
    """A cue in milliseconds, with when each word was said."""
    words = tuple((round(word.start * 1000), word.text) for word in cue.words)
    return search.Cue(round(cue.start * 1000), cue.text, words, cue.speaker)
