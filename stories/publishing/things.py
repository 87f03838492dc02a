"""What the things of the withdrawal ledger are, in words for the person whose story it was."""

from __future__ import annotations

from stories.publishing.ledger import Closing

# Steps name what remains in words for staff. By step and beginning, what that is; the first fits.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("sources", "upload", "Your recording, as you sent it"),
    ("sources", "originals:", "Files of your recording, as you sent it"),
    ("sources", "renditions:", "Files that we made from your recording"),
    ("sources", "transcriptcue", "The written words of your recording"),
    ("sources", "stores:", "A store that could not be reached for a while"),
    ("sources", "work:", "Half-finished work on your recording"),
    ("sources", "media", "Notes about your recording and the work on it"),
    ("sources", "rendition", "Notes about your recording and the work on it"),
    ("sources", "version", "Versions of your story that we approved"),
    ("sources", "sealed name", "The name of somebody else in your recording"),
    ("sources", "sealed", "What you wrote to us, and your e-mail address"),
    ("sources", "request", "Questions of others about your story"),
    ("sources", "key", "The key that your words were locked with"),
    ("media", "", "Sound and pictures that people could play"),
    ("page", "", "Your story's page"),
    ("search", "", "Your story in our search"),
)
OTHER = "Other things of your story"


def kind_of(closing: Closing) -> str:
    """What a row of the ledger is, in words."""
    for step, start, words in WORDS:
        if closing.step == step and closing.thing.startswith(start):
            return words
    return OTHER
