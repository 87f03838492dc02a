"""What people often say that begins with the words typed so far.

Nothing is stored for it: passages with those words are looked at, and whether their documents may
be found is asked at this moment, so that what nobody may find can't be a part of it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from search.engines import Engine
from search.engines.rows import Visible, among
from search.folding import fold
from search.query import MIN_PREFIX
from search.wording import JOINING

LONGEST = 3
# A beginning of two letters is one of too many words.
SHORTEST_START = MIN_PREFIX + 1
# So many of the most widely held phrases are looked at, and so many documents of each.
MOST_TRIED, MOST_HOLDERS = 6, 8

# A word, and what may stand between two words of one phrase: a space.
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def phrases(typed: list[str], engine: Engine, visible: Visible, least: int) -> dict[str, set[str]]:
    """{phrase of two or three words, in small letters: ids of some visible documents with it}."""
    if len(typed) > LONGEST or (len(typed) == 1 and len(typed[0]) < SHORTEST_START):
        return {}
    begun = _beginning(typed)
    holders: dict[str, set[str]] = defaultdict(set)
    for key, text in engine.said([fold(word) for word in typed]):
        for phrase in _in(text, begun, len(typed)):
            holders[phrase].add(key)
    common = sorted(holders, key=lambda phrase: (-len(holders[phrase]), phrase))[:MOST_TRIED]
    tried = {phrase: sorted(holders[phrase])[:MOST_HOLDERS] for phrase in common}
    tried = {phrase: keys for phrase, keys in tried.items() if len(keys) >= least}
    if not tried:
        return {}
    allowed = among(visible, {key for keys in tried.values() for key in keys})
    found = {phrase: allowed & set(keys) for phrase, keys in tried.items()}
    return {phrase: keys for phrase, keys in found.items() if len(keys) >= least}


def _beginning(typed: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'\u2019]){' '.join(map(re.escape, typed))}", re.IGNORECASE)


def _in(text: str, begun: re.Pattern[str], least: int) -> set[str]:
    """The phrases in a text that begin with what was typed, of so many words at least."""
    found: set[str] = set()
    for match in begun.finditer(text):
        run = _run(text, match.start())
        sizes = range(max(2, least), len(run) + 1)
        found |= {" ".join(run[:size]) for size in sizes if run[size - 1] not in JOINING}
    return found


def _run(text: str, at: int) -> list[str]:
    """Up to three words from a place on, with nothing but a space between. A capital ends them:
    a name could begin there."""
    run: list[str] = []
    while len(run) < LONGEST and (word := _WORD.match(text, at)):
        if word[0] != word[0].lower() and word[0] != "I":
            break
        run.append(word[0].lower())
        at = word.end()
        if text[at : at + 1] != " ":
            break
        at += 1
    return run
