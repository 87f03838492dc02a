"""What several people allow who tell one story together."""

from __future__ import annotations

from dataclasses import replace

from stories.consent.exits import OWN
from stories.consent.reading import Consents


def together(own: Consents, others: list[Consents]) -> Consents:
    """No more than everybody allows: as wide as the narrowest yes, to whom nobody left out.

    What is each person's own (OWN) stays as it is in `own`, the contributor's.
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
    return replace(shared, given=given, scope=scope, recipients=recipients)
