"""What people often say that begins with the words typed so far.

Nothing is stored for it: the stretches in which those words are found at this moment are looked
at, so that what nobody may find can't be a part of it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from django.db.models import QuerySet

from search.engines import Engine
from search.folding import fold
from search.query import MIN_PREFIX, And, Phrase, Prefix, words
from search.results import Fragment, Hit

LONGEST = 3
# A beginning of two letters is one of too many words.
SHORTEST_START = MIN_PREFIX + 1
DOCUMENTS, MOMENTS = 40, 2

# A word, and what may stand between two words of one phrase: a space.
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# No phrase ends with these: it would be half of one.
_JOINING = frozenset(
    words(
        "a an and are as at be been but by can could did do does for from had has have he her his "
        "i if in into is it its me my no nor not of on or our she so than that the their them then "
        "there they this to too up us was we were what when where which who will with would you "
        "your"
    )
)


def phrases(typed: list[str], engine: Engine, visible: QuerySet) -> dict[str, set[str]]:
    """{phrase of two or three words: ids of visible documents that hold it}, in small letters.

    Of the best of the documents that match; none with a word that a name could be.
    """
    folded = [fold(word) for word in typed]
    if len(folded) > LONGEST or len(folded[-1]) < (SHORTEST_START if len(folded) == 1 else 1):
        return {}
    begun = Prefix(folded[0]) if len(folded) == 1 else Phrase(tuple(folded), open_ended=True)
    found = engine.find(And((begun,)), visible=visible, limit=DOCUMENTS, offset=0, moments=MOMENTS)
    holders: dict[str, set[str]] = defaultdict(set)
    for hit in found.hits:
        for phrase in _of(hit, folded):
            holders[phrase].add(hit.document_id)
    return dict(holders)


def _of(hit: Hit, typed: list[str]) -> set[str]:
    return {phrase for moment in hit.moments for phrase in _in(moment.fragments, typed)}


def _in(fragments: list[Fragment], typed: list[str]) -> set[str]:
    """The phrases in a stretch that begin with the typed words, at a marked one."""
    text = "".join(fragment.text for fragment in fragments)
    found: set[str] = set()
    at = 0
    for fragment in fragments:
        if fragment.matched:
            run = _run(text, at)
            if _begins(run, typed):
                sizes = range(max(2, len(typed)), len(run) + 1)
                found |= {" ".join(run[:size]) for size in sizes if run[size - 1] not in _JOINING}
        at += len(fragment.text)
    return found


def _run(text: str, at: int) -> list[str]:
    """Up to three words from a place on, with nothing but a space between; a capital ends them."""
    run: list[str] = []
    while len(run) < LONGEST and (word := _WORD.match(text, at)):
        if word[0] != word[0].lower() and fold(word[0]) != "i":
            break
        run.append(word[0].lower())
        at = word.end()
        if text[at : at + 1] != " ":
            break
        at += 1
    return run


def _begins(run: list[str], typed: list[str]) -> bool:
    if len(run) < len(typed):
        return False
    *heads, last = [fold(word) for word in run[: len(typed)]]
    return heads == typed[:-1] and last.startswith(typed[-1])
