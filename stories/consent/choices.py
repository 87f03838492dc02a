"""The three choices: what each option is called, and which one lets the real thing out."""

from __future__ import annotations

from media_pipeline import api as media

CHOICES: dict[str, list[tuple[str, str]]] = {
    "show_name": [("my_name", "My own name"), ("chosen", "A name I choose"), ("none", "No name")],
    "show_unaltered_voice": [
        ("own", "My own voice"),
        ("disguised", "Disguise it"),
        ("words_spoken", "Words only, read aloud by a computer's voice"),
        ("words_only", "Words only"),
    ],
    "show_face": [
        ("as_is", "The picture as it is"),
        ("blurred", "Blur it"),
        ("no_picture", "No picture"),
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
    """The options that can be carried out here, and the one that is `chosen` already."""
    missing = set() if media.can_read_aloud() else {"words_spoken"} - {chosen}
    return [(option, label) for option, label in CHOICES[purpose] if option not in missing]


def said_by(purpose: str, choice: str) -> str:
    """ "yes" when a choice lets the real thing out, else "no"."""
    return "yes" if choice == OPENING_CHOICE[purpose] else "no"
