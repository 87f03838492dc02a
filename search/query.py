"""What a visitor typed, as one small tree that every engine compiles for itself.

The language: words (all of them wanted), "a phrase", one OR other, -without, begin*.
OR binds tighter than the space between words: ``sleep hope OR faith`` is sleep AND (hope OR faith).
Nothing of the raw text survives into the tree but runs of letters and digits, so no engine's own
query language can be reached from outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from search.wording import JOINING

MAX_CHARACTERS = 300
MAX_WORDS = 24
# One letter would stand for a good part of the dictionary.
MIN_PREFIX = 2
# A document is worth so many times more where all that is wanted is said within so many words. Of
# 1.5, 2 and 3 times and 12 to 40 words the best on the tuning half of benchmarks/search.
TOGETHER, WITHIN = 2.0, 20
# Of more things than make so many pairs, two that stand close together say little, and each pair is
# looked for by itself.
MOST_PAIRED = 10
# And so many times more where it has the words that stand in quotation marks in just these forms.
VERBATIM = 10.0

TOO_LONG = _("That is a lot to look for at once. Please try the few words that matter most.")
NOTHING = _("Please type a word or two to look for.")
ONLY_WITHOUT = _("Please add a word to look for, as well as the ones to leave out.")

# “ ” „ ‟ « » and the full-width mark: telephones type these.
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02"), '"')
# Letters and digits, with the marks that are written on top of them; what FTS5's unicode61
# tokenizer takes for a word. \w knows no combining marks.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"(?P<star>\*?)|(?P<plain>[^\s"]+))')


class CannotSearch(ValueError):
    """The query cannot be run; the message is a sentence to show to whoever typed it."""


@dataclass(frozen=True)
class Term:
    """One word, in any of its inflected forms.

    quoted: typed in quotation marks: no other word is meant. It is the same search either way.
    """

    word: str
    quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Prefix:
    """Any word that begins like this."""

    start: str


@dataclass(frozen=True)
class Phrase:
    """Words one after another; `open_ended` lets the last be the beginning of a word.

    quoted: as with a Term; words that only a hyphen or the like keeps together are not.
    """

    words: tuple[str, ...]
    open_ended: bool = False
    quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Or:
    """Any of these."""

    children: tuple[Term | Prefix | Phrase, ...]


@dataclass(frozen=True)
class Not:
    """None of what is in here, anywhere in the document."""

    child: Term | Prefix | Phrase


@dataclass(frozen=True)
class And:
    """All of these, in whichever parts of the document. At least one child is not a Not.

    relaxed: what was wanted, in groups, where now any of it is enough.
    """

    children: tuple[Term | Prefix | Phrase | Or | Not, ...]
    relaxed: tuple[tuple[Leaf, ...], ...] = field(default=(), compare=False)

    @property
    def wanted(self) -> list[list[Leaf]]:
        """Groups, of each of which any one has to be there."""
        positive = (child for child in self.children if not isinstance(child, Not))
        return [list(child.children) if isinstance(child, Or) else [child] for child in positive]

    @property
    def together(self) -> list[list[Sequence[Leaf]]]:
        """Sets of groups that say more where one of each stands close together: all that is
        wanted, or any two of a few where any is enough. Without beginnings of words, which stand
        for many.
        """
        sets: list[Sequence[Sequence[Leaf]]] = [self.wanted]
        if self.relaxed:
            sets = list(combinations(self.relaxed, 2))
            if len(sets) > MOST_PAIRED:
                return []
        closed = [[each for each in groups if not any(map(is_open, each))] for groups in sets]
        return [groups for groups in closed if len(groups) > 1]

    @property
    def verbatim(self) -> list[Term]:
        """The words that are wanted in quotation marks, each by itself."""
        return [
            Term(word)
            for leaf in positive_leaves(self)
            if not isinstance(leaf, Prefix) and leaf.quoted and not is_open(leaf)
            for word in (leaf.words if isinstance(leaf, Phrase) else (leaf.word,))
        ]

    @property
    def unwanted(self) -> list[Leaf]:
        """None of these may be there."""
        return [child.child for child in self.children if isinstance(child, Not)]


Leaf = Term | Prefix | Phrase
Node = Leaf | Or | Not | And


def is_open(leaf: Leaf) -> bool:
    """Whether it ends in the beginning of a word, which is looked for among whole words."""
    return isinstance(leaf, Prefix) or (isinstance(leaf, Phrase) and leaf.open_ended)


def words(text: str) -> list[str]:
    """The searchable words of a text, in their order, with their own case and accents."""
    return _WORD.findall(text)


def replace_words(text: str, others: Mapping[str, str]) -> str:
    """What was typed with other words in the place of some; the rest as it was."""
    text = unicodedata.normalize("NFC", text)
    return _WORD.sub(lambda word: others.get(word[0], word[0]), text)


def parse(text: str) -> And:
    """The tree for what was typed.

    Raises CannotSearch, with a sentence for the visitor, when there is nothing to look for, only
    something to leave out, or more than MAX_CHARACTERS or MAX_WORDS.
    """
    text = unicodedata.normalize("NFC", text.strip()).translate(_QUOTES)
    if len(text) > MAX_CHARACTERS:
        raise CannotSearch(TOO_LONG)
    if text.count('"') % 2:
        # A quotation mark without a partner, as while typing: the words still count.
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    wanted, unwanted = _sort(list(_PIECE.finditer(text)))
    if sum(_size(leaf) for group in [*wanted, unwanted] for leaf in group) > MAX_WORDS:
        raise CannotSearch(TOO_LONG)
    if not wanted:
        raise CannotSearch(ONLY_WITHOUT if unwanted else NOTHING)
    groups = [group[0] if len(group) == 1 else Or(tuple(group)) for group in wanted]
    return And((*groups, *map(Not, unwanted)))


def relax(tree: And) -> And | None:
    """The same search with any one of the telling things enough; None if it is so already."""
    if len(tree.wanted) < 2:
        return None
    telling = telling_leaves(tree)
    groups = tuple(tuple(each) for each in tree.wanted if set(each).intersection(telling))
    return And((Or(tuple(telling)), *map(Not, tree.unwanted)), groups)


def positive_leaves(tree: And) -> list[Leaf]:
    """What is looked for, each once, without what is left out: what a highlight may mark."""
    return list(dict.fromkeys(leaf for group in tree.wanted for leaf in group))


def telling_leaves(tree: And) -> list[Leaf]:
    """positive_leaves() without "to" and its like, which every story has; all, if there are only
    such."""
    leaves = positive_leaves(tree)
    return [leaf for leaf in leaves if not _is_joining(leaf)] or leaves


def _is_joining(leaf: Leaf) -> bool:
    return isinstance(leaf, Term) and leaf.word.casefold() in JOINING


def starts(leaves: Iterable[Leaf]) -> list[str]:
    """The beginnings of words among the leaves, each once."""
    return list(dict.fromkeys(leaf.start for leaf in leaves if isinstance(leaf, Prefix)))


def apart(tree: And) -> list[list[Leaf]]:
    """What a passage is the better for, the more of it is there: the wanted groups; where there is
    only one, each of its alternatives."""
    groups = tree.wanted
    return groups if len(groups) > 1 else [[leaf] for leaf in groups[0]]


def words_of_phrases(leaves: list[Leaf]) -> list[Leaf]:
    """The words of the phrases among the leaves, each by itself."""
    return [Term(word) for leaf in leaves if isinstance(leaf, Phrase) for word in leaf.words]


def _sort(pieces: list[re.Match[str]]) -> tuple[list[list[Leaf]], list[Leaf]]:
    """Groups of alternatives that are wanted, and what is unwanted."""
    operators = _operators([piece[0] for piece in pieces])
    wanted: list[list[Leaf]] = []
    unwanted: list[Leaf] = []
    joining = False
    for piece, operator in zip(pieces, operators, strict=True):
        if operator:
            joining = operator == "OR"
            continue
        leaf = _leaf(piece)
        if leaf is None:
            continue
        if piece["minus"]:
            unwanted.append(leaf)
        elif joining and wanted:
            wanted[-1].append(leaf)
        else:
            wanted.append([leaf])
        joining = False
    return wanted, unwanted


def _operators(pieces: list[str]) -> list[str]:
    """OR and AND where they stand between two things in capitals; elsewhere they are words."""
    found = ["" for _ in pieces]
    for place, piece in enumerate(pieces[1:-1], start=1):
        if piece in {"OR", "AND"} and not found[place - 1]:
            found[place] = piece
    return found


def _leaf(piece: re.Match[str]) -> Leaf | None:
    """What one piece asks for; None for punctuation and pictures alone."""
    quoted = piece["phrase"] is not None
    typed = piece["phrase"] if quoted else piece["plain"]
    found = words(typed)
    if not found:
        return None
    starred = bool(piece["star"]) or typed.rstrip("\"'.,;:!?)").endswith("*")
    if len(found[-1]) < MIN_PREFIX:
        starred = False
    if len(found) > 1:
        return Phrase(tuple(found), starred, quoted)
    return Prefix(found[0]) if starred else Term(found[0], quoted)


def _size(leaf: Leaf) -> int:
    return len(leaf.words) if isinstance(leaf, Phrase) else 1
