"""Queries whose answer is known: somebody remembers some words of one stretch of one recording."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lemminflect import getAllInflections, getAllLemmas

from benchmarks.search.corpus import Spoken, chapters

STRETCH = 25  # words that are remembered together
REMEMBERED = 3
SEED = 2
COMMON = 200  # of the most frequent words nobody remembers any
WORDNET = Path("/usr/share/wordnet")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Known:
    """What is typed, the recording it is about, and the words meant by their numbers in it."""

    kind: str
    typed: str
    source: Spoken
    numbers: tuple[int, ...]

    @property
    def document(self) -> str:
        return self.source.id

    @property
    def span(self) -> int:
        """So many words from the first that is meant to the last."""
        return max(self.numbers) - min(self.numbers) + 1


@dataclass(frozen=True)
class Memory:
    """Words that somebody remembers of a recording, by their numbers in it."""

    source: Spoken
    numbers: tuple[int, ...]

    def words(self) -> list[str]:
        return [bare(self.source.words[number]) for number in self.numbers]

    def known(self, kind: str, typed: str) -> Known:
        return Known(kind, typed, self.source, self.numbers)


def bare(word: str) -> str:
    return re.sub(r"[^a-z]+", "", word.lower())


def drawn(kind: str, count: int, split: str) -> list[Known]:
    """`count` queries of a class. split: "tuning" or "held-out", which share no recording."""
    draw = random.Random(f"{kind} {split} {SEED}")
    half = [one for one in chapters() if int(one.id[4:]) % 2 == (split == "held-out")]
    found: list[Known] = []
    while len(found) < count:
        source = draw.choice(half)
        begin = draw.randrange(max(1, len(source.words) - STRETCH))
        if one := KINDS[kind](draw, source, begin):
            found.append(one)
    return found


def _exact(draw: random.Random, source: Spoken, begin: int) -> Known | None:
    memory = _remembered(draw, source, begin)
    return memory and memory.known("exact", " ".join(memory.words()))


def _typo(draw: random.Random, source: Spoken, begin: int) -> Known | None:
    """One letter of one word left out, put in, wrong, or in its neighbour's place (Damerau, 1964).
    It may be another word by that."""
    return _altered(draw, source, begin, "typo", lambda word: _mistyped(draw, word))


def _inflected(draw: random.Random, source: Spoken, begin: int) -> Known | None:
    """One word in another of its forms, as LemmInflect knows them."""
    return _altered(draw, source, begin, "inflected", lambda word: _other_form(draw, word))


def _synonym(draw: random.Random, source: Spoken, begin: int) -> Known | None:
    """One word by another of the commonest meaning that WordNet 3.0 gives it. Asked without a
    list of synonyms, and with one of WordNet's."""
    return _altered(draw, source, begin, "synonym", lambda word: synonyms().get(word, ""))


def _phrase(draw: random.Random, source: Spoken, begin: int) -> Known | None:
    """Four words in quotation marks, two on either side of where a caption ends."""
    inner = [end for _, end in source.cues[:-1] if begin <= end < begin + STRETCH]
    if not inner:
        return None
    end = draw.choice(inner)
    if not 2 <= end <= len(source.words) - 2:
        return None
    memory = Memory(source, tuple(range(end - 2, end + 2)))
    if not set(memory.words()) - common():
        return None
    return memory.known("phrase", f'"{" ".join(source.words[end - 2 : end + 2])}"')


KINDS: dict[str, Callable[[random.Random, Spoken, int], Known | None]] = {
    "exact": _exact,
    "typo": _typo,
    "inflected": _inflected,
    "synonym": _synonym,
    "phrase": _phrase,
}


def _altered(
    draw: random.Random, source: Spoken, begin: int, kind: str, change: Callable[[str], str]
) -> Known | None:
    memory = _remembered(draw, source, begin)
    if memory is None:
        return None
    words = memory.words()
    at = draw.randrange(len(words))
    other = change(words[at]) if len(words[at]) >= 5 else ""
    if not other or other == words[at]:
        return None
    words[at] = other
    return memory.known(kind, " ".join(words))


def _remembered(draw: random.Random, source: Spoken, begin: int) -> Memory | None:
    stretch = range(begin, min(begin + STRETCH, len(source.words)))
    told = {
        bare(source.words[number]): number
        for number in stretch
        if len(bare(source.words[number])) > 3
    }
    told = {word: number for word, number in told.items() if word not in common()}
    if len(told) < REMEMBERED:
        return None
    return Memory(source, tuple(sorted(draw.sample(sorted(told.values()), REMEMBERED))))


@cache
def common() -> frozenset[str]:
    counted = Counter(bare(word) for one in chapters() for word in one.words)
    return frozenset(word for word, _ in counted.most_common(COMMON))


def _mistyped(draw: random.Random, word: str) -> str:
    at = draw.randrange(len(word) - 1)
    head, letter, tail = word[:at], word[at], word[at + 1 :]
    other = draw.choice(LETTERS)
    ways = (head + tail, head + letter + other + tail, head + other + tail)
    return draw.choice((*ways, head + tail[0] + letter + tail[1:]))


def _other_form(draw: random.Random, word: str) -> str:
    forms = {
        form
        for lemmas in getAllLemmas(word).values()
        for lemma in lemmas
        for group in getAllInflections(lemma).values()
        for form in group
    }
    others = sorted(form for form in forms - {word} if form.isalpha() and form[:3] == word[:3])
    return draw.choice(others) if word in forms and others else ""


@cache
def synonyms() -> dict[str, str]:
    """{word: the first other single word of its commonest meaning}, of nouns and verbs."""
    if not WORDNET.is_dir():
        raise SystemExit("WordNet is missing. Type: sudo apt-get install wordnet-base")
    found: dict[str, str] = {}
    for part in ("verb", "noun"):
        meanings = {line[:8]: line.split(" ") for line in _lines(f"data.{part}")}
        for line in _lines(f"index.{part}"):
            word, *rest = line.split()
            first = next(piece for piece in rest if len(piece) == 8 and piece.isdigit())
            row = meanings[first]
            names = [row[4 + 2 * number].lower() for number in range(int(row[3], 16))]
            others = [name for name in names if name != word and name.isalpha()]
            if others and word.isalpha():
                found[word] = others[0]
    return found


def _lines(name: str) -> Iterator[str]:
    for line in (WORDNET / name).read_text().splitlines():
        if not line.startswith(" "):  # the licence stands first, indented
            yield line
