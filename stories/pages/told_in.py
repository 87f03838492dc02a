"""The language of a passage, where it isn't that of the page around it."""

from __future__ import annotations

from django.utils.translation import get_language, to_locale

# Scripts of languages that are written from right to left; Django knows only those it speaks.
RIGHT_TO_LEFT = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "syr", "ur", "yi"}
)


def tag_of(code: str) -> str:
    """As HTML writes it (BCP 47): "en-gb" is "en-GB"."""
    return to_locale(code).replace("_", "-")


def direction_of(code: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if code.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"


def is_the_pages_own(code: str) -> bool:
    """Whether a passage is in the language of the page that is being made, whatever the country."""
    page = get_language() or ""
    return code.lower().split("-")[0] == page.lower().split("-")[0]
