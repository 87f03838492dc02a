"""What several people allow who tell one story together."""

from __future__ import annotations

from dataclasses import replace

from stories.consent.choices import ALTERING, OPENING_CHOICE
from stories.consent.exits import OWN
from stories.consent.reading import Consents


def together(own: Consents, others: list[Consents]) -> Consents:
    """No more than everybody allows: as wide as the narrowest yes, to whom nobody left out.

    Of a voice or a face no more is shown than whoever wants the least, and nothing before everybody
    has chosen. What is each person's own (OWN) stays as it is in `own`, the contributor's.
    """
    shared = own.shared_with(others, OWN)
    given, scope, recipients = shared.given, dict(shared.scope), dict(shared.recipients)
    for slug in shared.given - OWN:
        scope[slug] = min([scope[slug], *(other.scope[slug] for other in others)])
        named = shared.recipients.get(slug, ())
        recipients[slug] = tuple(
            name for name in named if all(name in other.recipients[slug] for other in others)
        )
        if named and not recipients[slug]:
            given = given - {slug}
    altering = {slug: _least(slug, [own, *others]) for slug in ALTERING}
    choices = {slug: option for slug, option in own.choices.items() if slug not in ALTERING}
    choices |= {slug: option for slug, option in altering.items() if option}
    return replace(shared, given=given, choices=choices, scope=scope, recipients=recipients)


def _least(slug: str, everybody: list[Consents]) -> str:
    """The most altered that any of them chose; "" while somebody's choice is not in force."""
    chosen = []
    for each in everybody:
        option = each.choices.get(slug, "")
        if slug not in each.given and option == OPENING_CHOICE[slug]:
            option = ""  # their yes has run out, or was taken back
        chosen.append(option)
    if not all(chosen):
        return ""
    return max(chosen, key=ALTERING[slug].index)
