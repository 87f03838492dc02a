"""Whose a story is, and how to name it: the same words on every way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from stories.pages.addresses import story_address

if TYPE_CHECKING:
    from stories.pages.models import StoryPage

STATEMENT = (
    "This story belongs to the person who told it, and they can take it back. "
    "Please ask before you use it anywhere else."
)
UNMINED = "The right to mine it for text and data, or to train models with it, is reserved."
# In copyright; anything freer could not be taken back (https://rightsstatements.org).
IN_COPYRIGHT = "http://rightsstatements.org/vocab/InC/1.0/"


def statement(exits: frozenset[str]) -> str:
    """The rights statement, with the reservation unless that was given too."""
    return STATEMENT if "ai" in exits else f"{STATEMENT} {UNMINED}"


def citation(page: StoryPage) -> str:
    """How to cite a story: teller, title, archive, accession number, month, address."""
    said = [f"{page.teller}, “{page.title_shown}”", settings.WAGTAIL_SITE_NAME, page.reference]
    if page.shared_on:
        said.append(f"{page.shared_on:%B %Y}")
    return f"{', '.join(said)}. {story_address(page.slug)}"
