"""The three choices: what each option is called, and which one lets the real thing out."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from media_pipeline import api as media

# Records name an option by its short name, receipts as data by these words; pages translate them.
CHOICES: dict[str, list[tuple[str, str]]] = {
    "show_name": [
        ("my_name", _("My own name")),
        ("chosen", _("A name I choose")),
        ("none", _("No name")),
    ],
    "show_unaltered_voice": [
        ("own", _("My own voice")),
        ("disguised", _("Disguise it")),
        ("words_spoken", _("Words only, read aloud by a computer's voice")),
        ("words_only", _("Words only")),
    ],
    "show_face": [
        ("as_is", _("The picture as it is")),
        ("blurred", _("Blur it")),
        ("no_picture", _("No picture")),
    ],
}
# How much of a voice or a face somebody wants shown, by the least altered first.
ALTERING = {
    "show_unaltered_voice": ("own", "disguised", "words_spoken", "words_only"),
    "show_face": ("as_is", "blurred", "no_picture"),
}
OPENING_CHOICE = {"show_name": "my_name", "show_unaltered_voice": "own", "show_face": "as_is"}
LABELS = {option: label for options in CHOICES.values() for option, label in options}

# A film is picture and sound, asked as one question; voice and face then narrow each by itself.
COVERS = {"publish_video": ("publish_audio",)}


def offered(purpose: str, chosen: str = "") -> list[tuple[str, str]]:
    """The options that can be carried out here, and the one that is `chosen` already, in words."""
    missing = set() if media.can_read_aloud() else {"words_spoken"} - {chosen}
    return [(option, gettext(label)) for option, label in CHOICES[purpose] if option not in missing]


def label_of(choice: str) -> str:
    """What an option is called, in the language of the page: "my_name" is "My own name"."""
    return gettext(LABELS[choice]) if choice in LABELS else choice


def said_by(purpose: str, choice: str) -> str:
    """ "yes" when a choice lets the real thing out, else "no"."""
    return "yes" if choice == OPENING_CHOICE[purpose] else "no"
