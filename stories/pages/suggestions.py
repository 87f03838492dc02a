"""What a visitor may be typing: titles, themes, and what several people have said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from search import api as search
from stories.consent.vocabulary import Term
from stories.contributions.models import Contribution
from stories.pages.models import StoryPage

TITLE, THEME, SAID = _("A story"), _("A theme"), _("People say")
MOST_TITLES, MOST_THEMES, MOST_SAID = 5, 3, 3
# A phrase is suggested once so many people have said it, each in a story that may be found.
PEOPLE = 3
# Stories that are asked together whether they may be found.
BATCH = 20


@dataclass(frozen=True)
class Suggestion:
    """`text` is what to look for; `kind` is what it is, in words to show."""

    text: str
    kind: str


def suggestions(typed: str) -> list[Suggestion]:
    """At most eleven, each text once. Nothing comes from a story that may not be found now."""
    visible = StoryPage.objects.listed_among
    found = [Suggestion(label, str(THEME)) for label in _themes(typed)]
    found += [Suggestion(phrase, str(SAID)) for phrase in _said(typed, visible)]
    titles = search.suggest(typed, visible=visible, limit=MOST_TITLES)
    found += [Suggestion(title, str(TITLE)) for title in titles]
    return list({each.text.casefold(): each for each in reversed(found)}.values())[::-1]


def _themes(typed: str) -> list[str]:
    """Labels of themes that some story has."""
    labels: list[str] = []
    for term in Term.objects.filter(scheme=Term.Scheme.THEME):
        if len(labels) == MOST_THEMES:
            break
        if search.begins(typed, term.public_label) and _is_told_of(term):
            labels.append(term.public_label)
    return labels


def _is_told_of(term: Term) -> bool:
    """Whether the theme may be found is asked of a few stories: of all, it takes longer."""
    told = StoryPage.objects.filter(live=True).with_theme(term.slug).order_by("-pk")
    found = list(told.values_list("contribution__reference", flat=True))
    batches = (found[at : at + BATCH] for at in range(0, len(found), BATCH))
    return any(StoryPage.objects.listed_among(batch) for batch in batches)


def _said(typed: str, visible) -> list[str]:
    common = search.phrases(typed, visible=visible, least=PEOPLE)
    people = _people({each for ids in common.values() for each in ids})
    counts = {
        phrase: number
        for phrase, ids in common.items()
        if (number := len({people[each] for each in ids if each in people})) >= PEOPLE
    }
    # "peer support group" stands for "peer support" where all who say the one say the other.
    longer = {phrase for phrase in counts if _is_begun_by(phrase, counts)}
    best = sorted(counts.keys() - longer, key=lambda phrase: (-counts[phrase], phrase))
    return best[:MOST_SAID]


def _is_begun_by(phrase: str, counts: dict[str, int]) -> bool:
    return any(
        other.startswith(f"{phrase} ") and number == counts[phrase]
        for other, number in counts.items()
    )


def _people(references: set[str]) -> dict[str, str]:
    """{reference: who told it, as far as we can tell two apart}."""
    told = Contribution.objects.filter(reference__in=references)
    rows = told.values_list("reference", "email_hash", "contributor_key")
    return {reference: mail or str(key) for reference, mail, key in rows}
