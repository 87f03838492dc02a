"""What the things of the withdrawal ledger are, in words for the person whose story it was."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stories.publishing.ledger import Closing

# Steps name what remains in words for staff. By step and beginning, what that is; the first fits.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("sources", "upload", _("Your recording, as you sent it")),
    ("sources", "originals:", _("Files of your recording, as you sent it")),
    ("sources", "renditions:", _("Files that we made from your recording")),
    ("sources", "transcriptcue", _("The written words of your recording")),
    ("sources", "stores:", _("A store that could not be reached for a while")),
    ("sources", "work:", _("Half-finished work on your recording")),
    ("sources", "media", _("Notes about your recording and the work on it")),
    ("sources", "rendition", _("Notes about your recording and the work on it")),
    ("sources", "version", _("Versions of your story that we approved")),
    ("sources", "sealed name", _("The name of somebody else in your recording")),
    ("sources", "sealed", _("What you wrote to us, and your e-mail address")),
    ("sources", "request", _("Questions of others about your story")),
    ("sources", "key", _("The key that your words were locked with")),
    ("media", "", _("Sound and pictures that people could play")),
    ("page", "", _("Your story's page")),
    ("search", "", _("Your story in our search")),
)
OTHER = _("Other things of your story")


def kind_of(closing: Closing) -> str:
    """What a row of the ledger is, in words."""
    for step, start, words in WORDS:
        if closing.step == step and closing.thing.startswith(start):
            return gettext(words)
    return gettext(OTHER)
