"""What a story's people allow together."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from stories.consent.events import ConsentEvent
from stories.consent.exits import open_exits
from stories.consent.reading import Consents, consents_from, consents_of
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant, participants_of
from stories.contributions.together import together


def consents_for(contribution: Contribution) -> Consents:
    """The contributor's consents, narrowed by everybody else who is in the recording."""
    others = [consents_of(person.key) for person in participants_of(contribution)]
    return together(consents_of(contribution.contributor_key), others)


def exits_of(contribution: Contribution) -> frozenset[str]:
    """Names of the exits that are open for a story at this moment."""
    return open_exits(consents_for(contribution))


def exits_of_many(contributions: Iterable[Contribution]) -> dict[int, frozenset[str]]:
    """{a contribution's id: exits_of it}, for any number of them in two queries."""
    stories = list(contributions)
    others: dict[int, list[uuid.UUID]] = defaultdict(list)
    rows = Participant.objects.filter(contribution__in=[story.pk for story in stories])
    for person in rows.exclude(state=Participant.State.CUT):
        others[person.contribution_id].append(person.key)
    keys = [story.contributor_key for story in stories]
    allowed = _consents_of_many(keys + [key for found in others.values() for key in found])
    return {
        story.pk: open_exits(
            together(allowed[story.contributor_key], [allowed[key] for key in others[story.pk]])
        )
        for story in stories
    }


def _consents_of_many(principals: list[uuid.UUID]) -> dict[uuid.UUID, Consents]:
    """consents_of() of each, in one query."""
    newest: dict[uuid.UUID, dict[str, ConsentEvent]] = {key: {} for key in principals}
    events = ConsentEvent.objects.filter(pii_principal_id__in=principals).order_by("number")
    for event in events:
        newest[event.pii_principal_id][event.purpose_id] = event
    return {key: consents_from(latest.values()) for key, latest in newest.items()}
