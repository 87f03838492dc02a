"""Who speaks in a recording, as it may be told at this moment.

What is kept is a label for each: of the teller that it is they, and never their name, which is
shown, changed and taken back in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from media_pipeline import api as media

TELLER = "Storyteller"


def label_for(*teller: str) -> Callable[[str], str]:
    """What is kept for a name in a file of words, where `teller` are names that the teller goes by
    or has asked for."""
    known = {name.casefold() for name in (TELLER, *teller) if name}

    def label(name: str) -> str:
        return TELLER if name.casefold() in known else name

    return label


def as_shown(cues: Sequence[media.Cue], teller: str) -> list[media.Cue]:
    """The cues with the names that may be told. `teller`: the name that is shown with the story
    now; "" for none, and then nobody who is in it is named."""
    names: dict[str, str] = {"": ""}
    for label in dict.fromkeys(cue.speaker for cue in cues if cue.speaker):
        if label == TELLER:
            names[label] = teller or _("Storyteller")
        elif teller:
            names[label] = label
        else:
            names[label] = _("Speaker %(number)s") % {"number": len(names)}
    return [replace(cue, speaker=names[cue.speaker]) for cue in cues]


def in_captions(shown: Sequence[media.Cue]) -> dict[str, str]:
    """{who somebody is in the captions file: the name to show}. The file itself, which others keep,
    has numbers only."""
    names = dict.fromkeys(cue.speaker for cue in shown if cue.speaker)
    return {f"Speaker {number}": name for number, name in enumerate(names, start=1)}
