"""What editors can choose from, asked of the database each time a form is shown."""

from __future__ import annotations

from stories.consent.vocabulary import Term
from stories.pages.models import StoryPage


def themes() -> list[tuple[str, str]]:
    """(slug, label) of every theme."""
    found = Term.objects.filter(scheme=Term.Scheme.THEME)
    return [(term.slug, term.label) for term in found]


def stories() -> list[tuple[str, str]]:
    """(reference, what it is called) of every story that a section page may show now."""
    shown = StoryPage.objects.listed().with_exit("outside_search").newest()
    return [(story.reference, f"{story.title_shown} ({story.teller})") for story in shown]
