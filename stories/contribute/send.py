"""Sending: answers become consent records, and the pipeline starts, in one transaction."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from media_pipeline import api as media
from stories.consent.choices import COVERS, OPENING_CHOICE, said_by
from stories.consent.events import Receipt
from stories.consent.models import Statement
from stories.consent.record import Answer, give_receipt, record
from stories.contribute.forms import lines_of
from stories.contribute.receiving import drop_replaced
from stories.contribute.steps import Place, first_undone, places_for
from stories.contributions.models import Contribution, Upload
from stories.contributions.participants import Participant
from stories.contributions.states import State
from stories.letters.post import post
from stories.publishing.wishes import prepare

# What each page of the form answers.
ANSWERED_BY = {
    "recording": "automatic_transcription",
    "name": "show_name",
    "voice": "show_unaltered_voice",
    "face": "show_face",
}


class Unfinished(Exception):
    """Something is still missing; `place` is the page to go to."""

    def __init__(self, place: Place) -> None:
        super().__init__("unfinished")
        self.place = place


def send(draft: Contribution) -> None:
    """Raises Unfinished, and NotPossible when it was sent already (a double click)."""
    if missing := first_undone(draft):
        raise Unfinished(missing)
    with transaction.atomic():
        draft.move(State.SUBMITTED, sent_at=timezone.now())
        for purpose in asked_of(draft):
            _record(draft, purpose)
        ask_others(draft)
        give_receipt(draft.contributor_key, Receipt.Kind.GIVEN)
        post(draft, "sent")
        prepare(draft)
    drop_unsent_recordings(draft)
    with suppress(media.StoreFailed):  # what a store that is away keeps ends by itself, in days
        media.incoming.end_all(draft.contributor_key)


def ask_others(draft: Contribution) -> None:
    """Everybody else in the recording is a person of their own from now on, with their own name."""
    if draft.kind == draft.Kind.RECORDING:
        for called in lines_of(draft.private.others):
            Participant.ask(draft, called)
    draft.keep(others="")


def drop_unsent_recordings(draft: Contribution) -> None:
    """Someone who uploaded, and then wrote instead, has not sent the recording: it goes."""
    if draft.kind == draft.Kind.RECORDING:
        return
    draft.uploads.update(state=Upload.State.REPLACED)
    drop_replaced(draft.uploads.all())


def asked_of(draft: Contribution) -> list[str]:
    """The purposes that this draft's form asked. An answer to a page since left out is not sent."""
    asked = []
    for place in places_for(draft):
        if purpose := place.purpose or ANSWERED_BY.get(place.name):
            asked.append(purpose)
    return asked


def _record(draft: Contribution, purpose: str) -> None:
    kept = draft.answers[purpose]
    statement = Statement.objects.select_related("purpose").get(pk=kept["statement"])
    choice = kept["choice"]
    said = said_by(purpose, choice) if purpose in OPENING_CHOICE else kept["answer"]
    for covered in (purpose, *COVERS.get(purpose, ())):
        record(draft.contributor_key, Answer(statement, said, choice), purpose=covered)
