"""What a story's people allow together."""

from __future__ import annotations

from stories.consent.exits import OWN, open_exits
from stories.consent.reading import Consents, consents_of
from stories.contributions.models import Contribution
from stories.contributions.participants import participants_of


def consents_for(contribution: Contribution) -> Consents:
    """The contributor's consents, narrowed by everybody else who is in the recording."""
    others = [consents_of(person.key) for person in participants_of(contribution)]
    return consents_of(contribution.contributor_key).shared_with(others, OWN)


def exits_of(contribution: Contribution) -> frozenset[str]:
    """Names of the exits that are open for a story at this moment."""
    return open_exits(consents_for(contribution))
