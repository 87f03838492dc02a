"""A word that nobody said, and the word that was probably meant.

Every engine counts the documents of a word for us (Engine.holders); what is near to a word, and
which of those is meant, is decided here, so that engines agree. Only what is visible is counted:
no dictionary of our own could keep a word longer than the index does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.folding import fold
from search.query import And, Leaf, Not, Or, Phrase, Term, positive_leaves

# Words of three letters are near to too many others, and hardly anybody types a longer one.
SHORTEST, LONGEST = 4, 24
# So many words of one search are looked at, and so many that each may be tried with the rest.
MOST_WORDS = 3
MOST_TRIED = 6

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Holders = Callable[[Sequence[str]], Mapping[str, int]]
Total = Callable[[And], int]


@dataclass(frozen=True)
class Meant:
    """`words`: each word that nobody said, as typed, with the one that was probably meant.

    certain: all of them stood without quotation marks, so that the other may be looked for.
    """

    words: dict[str, str]
    certain: bool


def meant(tree: And, holders: Holders, total: Total, known: Callable[[str], bool]) -> Meant | None:
    """What was probably meant by a search that finds nothing; None if no word is the reason.

    holders: how many documents hold each of some whole words, folded. total: how many match a
    search. known: whether a word is right though nobody said it.
    """
    asked = [word for word in _words(tree) if not known(word)]
    held = holders([fold(word) for word in asked])
    strange = [
        word
        for word in asked
        if fold(word) not in held and not total(And((Term(word),)))  # nor any other ending of it
    ][:MOST_WORDS]
    others = {word: near(fold(word)) for word in strange}
    held = holders(list({each for found in others.values() for each in found}))
    chosen: dict[str, str] = {}
    for word, found in others.items():
        best = sorted(
            (each for each in found if each in held), key=lambda each: (-held[each], each)
        )
        if best:
            chosen[word] = _with_the_rest(tree, chosen, word, best[:MOST_TRIED], total)
    if not chosen:
        return None
    return Meant(chosen, certain=not any(_is_quoted(tree, word) for word in chosen))


def near(word: str) -> list[str]:
    """Everything that is one slip of the finger away: a letter left out, put in, or another one,
    or two that changed places; [] for a word too short or long to guess at, or with a digit."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
        return []
    return list(dict.fromkeys(each for each in _slips(word) if each != word))


def _slips(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in _LETTERS)


def replaced(tree: And, others: Mapping[str, str]) -> And:
    """The same search for other words; what is left out stays as it is."""

    def other(leaf: Leaf) -> Leaf:
        if isinstance(leaf, Term):
            return Term(others.get(leaf.word, leaf.word), leaf.quoted)
        if isinstance(leaf, Phrase):
            words = tuple(others.get(word, word) for word in leaf.words)
            return Phrase(words, leaf.open_ended, leaf.quoted)
        return leaf

    return And(
        tuple(
            Or(tuple(map(other, child.children)))
            if isinstance(child, Or)
            else child
            if isinstance(child, Not)
            else other(child)
            for child in tree.children
        )
    )


def _with_the_rest(
    tree: And, chosen: dict[str, str], word: str, candidates: list[str], total: Total
) -> str:
    """The candidate with which the whole search finds most; the first, if none finds anything."""
    if len(candidates) == 1 or len(tree.children) == 1:
        return candidates[0]
    totals = [total(replaced(tree, {**chosen, word: each})) for each in candidates]
    return candidates[totals.index(max(totals))]


def _words(tree: And) -> list[str]:
    """The whole words that are looked for, each once."""
    return list(dict.fromkeys(word for leaf in positive_leaves(tree) for word in _of(leaf)))


def _of(leaf: Leaf) -> Iterable[str]:
    if isinstance(leaf, Term):
        return [leaf.word]
    return leaf.words[: -1 if leaf.open_ended else None] if isinstance(leaf, Phrase) else []


def _is_quoted(tree: And, word: str) -> bool:
    """Whether it stands in quotation marks, or is held together with others."""
    return any(
        word in _of(leaf) and (isinstance(leaf, Phrase) or getattr(leaf, "quoted", False))
        for leaf in positive_leaves(tree)
    )
