"""Other words for what was typed, worked into the tree so that every engine finds them alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from search.folding import fold
from search.query import And, Leaf, Node, Or, Phrase, Prefix, Term, words

MOST_FORMS = 20
MOST_WORDS = 8

Key = tuple[str, ...]


class Synonyms:
    """Groups of words that mean the same, each of one word or several.

    Capitals, accents and an s at the end make no difference. What stands in quotation marks, and
    the beginning of a word, keep to themselves.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._others: dict[Key, dict[Leaf, None]] = {}
        for group in groups:
            forms = {_key(found): _leaf(found) for form in group if (found := words(form))}
            for key in forms:
                others = self._others.setdefault(key, {})
                others.update((leaf, None) for other, leaf in forms.items() if other != key)
        self._longest = max(map(len, self._others), default=0)

    def knows(self, word: str) -> bool:
        """Whether a word stands in the list by itself."""
        return _key([word]) in self._others

    def expand(self, tree: And) -> And:
        """The same search, content with any synonym of what is looked for.

        What is left out is just what was typed: *medication -tablets* asks for a difference.
        """
        children: dict[Node, None] = {}
        run: list[Leaf] = []
        for child in tree.children:
            if isinstance(child, Term | Phrase | Prefix):
                run.append(child)
                continue
            children |= dict.fromkeys(self._spread(run))
            run = []
            if isinstance(child, Or):
                children[_or(each for leaf in child.children for each in self._each(leaf))] = None
            else:
                children[child] = None
        children |= dict.fromkeys(self._spread(run))
        return And(tuple(children))  # type: ignore[arg-type]

    def _spread(self, leaves: Sequence[Leaf]) -> Iterator[Leaf | Or]:
        """Things that are wanted side by side. A synonym of several may stand for each of them:
        (a or x) and (b or x) is (a and b) or x."""
        at = 0
        while at < len(leaves):
            length, others = self._longest_from(leaves[at:])
            for leaf in leaves[at : at + length]:
                yield _or([leaf, *others])
            at += length

    def _longest_from(self, leaves: Sequence[Leaf]) -> tuple[int, list[Leaf]]:
        """How many of the leaves, from the first, are together in the list; and their synonyms."""
        best: tuple[int, list[Leaf]] = (1, [])
        key: Key = ()
        for length, leaf in enumerate(leaves, start=1):
            own = _key_of(leaf)
            key += own
            if not own or len(key) > self._longest:
                break
            if key in self._others:
                best = length, list(self._others[key])
        return best

    def _each(self, leaf: Leaf) -> list[Leaf]:
        return [leaf, *self._others.get(_key_of(leaf), ())]


def trouble(group: Sequence[str]) -> str:
    """Why these are no group of synonyms, as a sentence for staff; else ""."""
    forms = [words(form) for form in group]
    if not all(forms):
        return _("Each line needs letters or digits.")
    if len({_key(form) for form in forms}) < 2:
        return _("A group needs two words that differ by more than capitals or an s at the end.")
    if len(forms) > MOST_FORMS or any(len(form) > MOST_WORDS for form in forms):
        return _("A group has %(most_forms)s lines at most, and a line %(most_words)s words.") % {
            "most_forms": MOST_FORMS,
            "most_words": MOST_WORDS,
        }
    return ""


def _key_of(leaf: Leaf) -> Key:
    """A leaf as the list may know it; () if only itself is meant."""
    if isinstance(leaf, Prefix) or leaf.quoted:
        return ()
    if isinstance(leaf, Phrase):
        return () if leaf.open_ended else _key(leaf.words)
    return _key([leaf.word])


def _key(found: Sequence[str]) -> Key:
    return tuple(_singular(fold(word)) for word in found)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def _leaf(found: Sequence[str]) -> Leaf:
    return Term(found[0]) if len(found) == 1 else Phrase(tuple(found))


def _or(leaves: Iterable[Leaf]) -> Leaf | Or:
    apart = tuple(dict.fromkeys(leaves))
    return apart[0] if len(apart) == 1 else Or(apart)
