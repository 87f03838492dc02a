"""What is looked for, of all stories together: one pass over the data serves every manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from stories.publishing.ledger import Manifest
from stories.publishing.scan.fingerprint import (
    SHINGLE,
    hash_words,
    keyed,
    windows,
    words_of,
)

HELD_BACK = 64 * 1024  # characters without a space after which a text is cut anyway
WORDS, NAME, FILE, STORED = "words of it", "a name", "a file of it", "a file under its name"
SHARED = "words of it that a story on the site has too"


@dataclass(frozen=True)
class Match:
    """`what` is one of the words above; `sure` is False where a person must look."""

    what: str
    reference: str
    sure: bool = True


@lru_cache(maxsize=200_000)
def _hash_of_word(word: str) -> str:
    return hash_words(word)


class Wanted:
    """Every manifest's hashes, each with the stories that have it. `kept`: references of stories
    whose sources may stay until their date."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self.manifests = list(manifests)
        stories = [manifest.contribution for manifest in self.manifests]
        self.kept = frozenset(story.reference for story in stories if story.is_kept)
        self.shingles: dict[str, list[Match]] = defaultdict(list)
        self.whole: dict[str, list[Match]] = defaultdict(list)
        self.files: dict[str, list[Match]] = defaultdict(list)
        self.stored: dict[str, list[Match]] = defaultdict(list)
        # {hash of the last word: {(how many words, hash of all): whose}}
        self.phrases: dict[str, dict[tuple[int, str], list[Match]]] = defaultdict(dict)
        for manifest in self.manifests:
            self._add(manifest)
        sizes = [size for by_hash in self.phrases.values() for size, _ in by_hash]
        self.longest = max([SHINGLE, *sizes])

    def _add(self, manifest: Manifest) -> None:
        data, reference = manifest.data, manifest.contribution.reference
        words, name = Match(WORDS, reference), Match(NAME, reference, sure=False)
        for shingle in data.get("shingles", ()):
            self.shingles[shingle].append(words)
        for whole in data.get("whole", ()):
            self.whole[whole].append(name)
        for kind, match in (("phrases", words), ("names", name)):
            for size, last, whole in data.get(kind, ()):
                self.phrases[last].setdefault((size, whole), []).append(match)
        for sha256 in data.get("files", ()):
            self.files[sha256].append(Match(FILE, reference))
        for stored in [*data.get("stored", ()), *data.get("assets", ())]:
            self.stored[stored].append(Match(STORED, reference))

    def also_said(self, text: str) -> None:
        """Words that a story on the site has too prove nothing by themselves: a person looks."""
        words = words_of(text)
        for window in windows(words, SHINGLE):
            if (shingle := hash_words(window)) in self.shingles:
                self.shingles[shingle] = _unsure(self.shingles[shingle])
        for size in {size for by_hash in self.phrases.values() for size, _ in by_hash}:
            for window in windows(words, size):
                by_hash = self.phrases.get(_hash_of_word(window.rpartition(" ")[2]), {})
                if (phrase := (size, hash_words(window))) in by_hash:
                    by_hash[phrase] = _unsure(by_hash[phrase])

    def in_value(self, text: str) -> list[Match]:
        """Whose one-word name or very short title a whole value is."""
        words = words_of(text) if self.whole and len(text) < 200 else []
        return self.whole.get(hash_words(" ".join(words)), []) if words else []

    def of_file(self, sha256: str) -> list[Match]:
        return self.files.get(keyed("file", sha256), [])

    def of_name(self, path: str) -> list[Match]:
        """Whose folder or random name stands in a file's path."""
        return [match for part in path.split("/") for match in self.stored.get(part, [])]


def _unsure(matches: list[Match]) -> list[Match]:
    return [replace(match, what=SHARED, sure=False) for match in matches]


class Reader:
    """Reads a text in pieces, however they are cut, and tells whose words it meets.

    Windows are looked up where they end, so that a match belongs to the piece just read.
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._held = ""
        self._before: list[str] = []

    def feed(self, text: str) -> set[Match]:
        """What follows the last space is held back: its other half may come next."""
        text = self._held + text
        cut = max(text.rfind(" "), text.rfind("\n"), text.rfind("\0"))
        if cut < 0 and len(text) > HELD_BACK:
            cut = len(text)
        self._held = text[cut + 1 :]
        return self._read(text[: cut + 1])

    def end(self) -> set[Match]:
        """The rest. Another text may follow, and is read on as if it belonged to this one: lines
        of a transcript stand in rows of their own."""
        text, self._held = self._held, ""
        return self._read(text)

    def read(self, text: str) -> set[Match]:
        """A whole text at once."""
        return self.feed(text) | self.end()

    def _read(self, text: str) -> set[Match]:
        new = words_of(text)
        if not new:
            return set()
        start, words = len(self._before), self._before + new
        self._before = words[-(self.wanted.longest - 1) :]
        return set(self._matches(words, start))

    def _matches(self, words: list[str], start: int) -> Iterator[Match]:
        wanted = self.wanted
        for at in range(start, len(words)):
            if at + 1 >= SHINGLE:
                window = " ".join(words[at + 1 - SHINGLE : at + 1])
                yield from wanted.shingles.get(hash_words(window), ())
            for (size, whole), matches in self._phrases_ending_in(words[at]):
                if at + 1 >= size and whole == hash_words(" ".join(words[at + 1 - size : at + 1])):
                    yield from matches

    def _phrases_ending_in(self, word: str) -> Iterable[tuple[tuple[int, str], list[Match]]]:
        phrases = self.wanted.phrases
        return phrases.get(_hash_of_word(word), {}).items() if phrases else ()
