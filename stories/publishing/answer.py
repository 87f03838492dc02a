"""Answer: a purpose given, taken back or put off after the story was sent."""

from __future__ import annotations

from django.db import transaction

from search import api as search
from stories.consent.choices import COVERS
from stories.consent.events import Receipt
from stories.consent.models import Purpose
from stories.consent.record import CONTRIBUTOR, Answer, By, give_receipt, record
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.publishing.closing import outside_after_change
from stories.publishing.tasks import ring
from stories.publishing.wishes import ASKED, carry_out
from stories.publishing.words import hear_or_forget


class NotForThisStory(ValueError):
    """The purpose can't be asked of a story of this format."""


def answer(
    story: Contribution,
    said: Answer,
    *,
    by: By = CONTRIBUTOR,
    person: Participant | None = None,
) -> Receipt:
    """Record it, close at once what it no longer allows, and ring. `person`: who else answers.

    Raises NotForThisStory, and NotPossible when the story was taken back.
    """
    asked = said.statement.purpose
    if not fits(asked, story):
        raise NotForThisStory(asked.slug)
    principal = person.key if person else story.contributor_key
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        open_before = exits_of(story)
        story.decide()
        for purpose in (asked.slug, *COVERS.get(asked.slug, ())):
            record(principal, said, purpose=purpose, by=by)
        if person:
            answered = Participant.objects.filter(pk=person.pk).exclude(state=Participant.State.CUT)
            answered.update(state=Participant.State.ANSWERED)
        if asked.slug in ASKED:
            carry_out(story)
        close_at_once(story, open_before)
        hear_or_forget(story, open_before)
        receipt = give_receipt(principal, Receipt.Kind.CHANGED)
        ring(story.pk)
    return receipt


def fits(purpose: Purpose, story: Contribution) -> bool:
    """Whether a purpose makes sense for what was sent."""
    return story.format in purpose.formats


def close_at_once(story: Contribution, open_before: frozenset[str]) -> None:
    """Hide what search holds of a story that allows less than before; ringing puts the rest back.

    What the decision before this one put there is hidden, so that what this one allows can be put.
    Pages, media and feeds ask the records with every request and need nothing here.
    """
    closed = open_before - exits_of(story)
    if closed:
        search.hide(story.reference, story.epoch - 1)
    outside_after_change(story, closed)
