"""Where each other person in a recording stands: asked, said yes, said no, taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.consent.exits import OWN, PUBLISHING
from stories.consent.models import Purpose
from stories.consent.reading import Consents, consents_of
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant, participants_of


class Stand(models.TextChoices):
    NOT_ASKED = "not_asked", _("not asked yet")
    ASKED = "asked", _("asked, and not answered yet")
    YES = "yes", _("said yes")
    NO = "no", _("said no, or not sure yet")
    LEFT = "left", _("took it back")
    CUT = "cut", _("no longer in it")


@dataclass(frozen=True)
class Other:
    """One further person. `not_to`: what the contributor allows and they don't, in public words."""

    person: Participant
    stand: Stand
    not_to: tuple[str, ...] = ()

    @property
    def closes(self) -> bool:
        """Whether the recording is closed because of them."""
        return self.stand not in {Stand.YES, Stand.CUT}


def other(person: Participant) -> Other:
    """Read from the consent records; the row's own state says only what records can't."""
    theirs = consents_of(person.key)
    wanted = consents_of(person.contribution.contributor_key).given - OWN
    stand = _stand(person, theirs, wanted)
    if stand != Stand.YES:
        return Other(person, stand)
    missing = Purpose.objects.filter(slug__in=wanted - theirs.given)
    return Other(person, stand, tuple(purpose.public_label for purpose in missing))


def _stand(person: Participant, theirs: Consents, wanted: frozenset[str]) -> Stand:
    match person.state:
        case Participant.State.CUT:
            return Stand.CUT
        case Participant.State.LEFT:
            return Stand.LEFT
        case Participant.State.ASKED:
            links = PrivateLink.objects.filter(participant=person)
            return Stand.ASKED if any(link.is_open for link in links) else Stand.NOT_ASKED
    # What the contributor has taken back meanwhile leaves the others' yes as it was.
    return Stand.YES if theirs.given & ((wanted & PUBLISHING) or PUBLISHING) else Stand.NO


def others_in(contribution: Contribution) -> list[Other]:
    """Everybody who was ever said to be in the recording, also who was cut out."""
    return [other(person) for person in contribution.participants.select_related("contribution")]


def waits_for(contribution: Contribution) -> list[Other]:
    """Those because of whom the recording is closed."""
    people = participants_of(contribution).select_related("contribution")
    return [found for found in map(other, people) if found.closes]
