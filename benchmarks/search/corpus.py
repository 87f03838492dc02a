"""Real text to search in: the King James Bible, read aloud by nobody at an even pace.

Debian's `bible-kjv` prints it. Each of its 1,189 chapters is a recording: words of 0.15 seconds and
0.05 a letter, in captions of at most 84 characters, as the pipeline makes them.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from search import api

LINE = re.compile(r"(\S+?)(\d+):(\d+) (.*)")
CUE_CHARACTERS = 84
WORD_SECONDS, LETTER_SECONDS = 0.15, 0.05


@dataclass(frozen=True)
class Spoken:
    """A recording: its words with the millisecond at which each begins, in cues.

    cues: (number of the first word, number after the last) of each.
    """

    id: str
    title: str
    words: tuple[str, ...]
    times: tuple[int, ...]
    cues: tuple[tuple[int, int], ...]

    def document(self) -> api.Document:
        cues = [
            api.Cue(
                self.times[first],
                " ".join(self.words[first:end]),
                list(zip(self.times[first:end], self.words[first:end], strict=True)),
            )
            for first, end in self.cues
        ]
        return api.Document(self.id, self.title, passages=api.cut_speech(cues))


@cache
def chapters() -> tuple[Spoken, ...]:
    """Every chapter. Raises SystemExit with what to type where the text is not installed."""
    found: dict[tuple[str, str], list[str]] = {}
    for book, chapter, verse in _verses():
        found.setdefault((book, chapter), []).append(verse)
    return tuple(
        spoken(f"kjv-{number}", f"{book} {chapter}", " ".join(verses).split())
        for number, ((book, chapter), verses) in enumerate(found.items())
    )


def many(passages: int, seed: int = 1) -> Iterator[api.Document]:
    """Recordings of verses drawn at random, until there are about so many passages."""
    draw = random.Random(seed)
    verses = [verse for _, _, verse in _verses()]
    made = number = 0
    while made < passages:
        words = " ".join(draw.choices(verses, k=draw.randint(20, 60))).split()
        document = spoken(f"drawn-{seed}-{number:06}", f"Recording {number}", words).document()
        yield document
        made += len(document.passages)
        number += 1


def spoken(id_: str, title: str, words: list[str]) -> Spoken:
    times, cues = [], []
    now, first, length = 0.0, 0, 0
    for number, word in enumerate(words):
        if length + len(word) > CUE_CHARACTERS:
            cues.append((first, number))
            first, length = number, 0
        times.append(round(now * 1000))
        now += WORD_SECONDS + LETTER_SECONDS * len(word)
        length += len(word) + 1
    cues.append((first, len(words)))
    return Spoken(id_, title, tuple(words), tuple(times), tuple(cues))


@cache
def _verses() -> tuple[tuple[str, str, str], ...]:
    """(book, chapter, words) of each verse."""
    if not shutil.which("bible"):
        raise SystemExit("The text to search in is missing. Type: sudo apt-get install bible-kjv")
    asked = ["bible", "-f", "Gen1:1-Rev22:21"]
    said = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
    lines = (LINE.match(line) for line in said.splitlines())
    return tuple((line[1], line[2], line[4]) for line in lines if line)
