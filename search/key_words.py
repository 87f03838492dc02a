"""The words by which two short texts may be about the same thing."""

from __future__ import annotations

import re

from search.folding import fold
from search.wording import JOINING, TOKEN

SHORTEST = 3
# Common in any story, and of none in particular.
_VAGUE = frozenset(
    TOKEN.findall(
        "about after again all also always another any around asked away back because before "
        "being between both came come day days down each even ever every few first five four "
        "get give going got how just know last less life like little long made make many more "
        "most much never new now off old once one only other out over own part people place "
        "read really said same say see should six some someone something still story such take "
        "tell thing things think three through time two until very want way week weeks well "
        "went while without year years yet"
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def key_words(text: str) -> dict[str, str]:
    """{word as it is compared: as it is written}. Capitals may be names, which are left out, and so
    is what has an apostrophe.

    An s at the end makes no difference, other endings do.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        bare = fold(word)
        vague = bare in JOINING or bare in _VAGUE
        if word.isalpha() and word == word.lower() and len(bare) >= SHORTEST and not vague:
            found.setdefault(_singular(bare), word)
    return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
