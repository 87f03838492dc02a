"""Others in a recording: added, answering, leaving, cut out. It opens only if all say yes."""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from stories.consent.events import EventState, Receipt
from stories.consent.reading import latest_events
from stories.consent.record import CONTRIBUTOR, Answer, By, Method, end, give_receipt
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.publishing.answer import answer, close_at_once
from stories.publishing.tasks import ring
from stories.publishing.wishes import carry_out


def add(story: Contribution, called: str, *, moderator=None) -> Participant:
    """Somebody more is in it: closed from this transaction on, until they have said yes.

    Raises NotPossible for a story without a recording, or one that was taken back.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.upload is None:
            raise NotPossible("nobody else can be in a written story")
        open_before = exits_of(story)
        story.decide()
        person = Participant.ask(story, called)
        if moderator:
            log(
                instance=story,
                action="stories.person_added",
                user=moderator,
                content_changed=False,
            )
        close_at_once(story, open_before)
        ring(story.pk)
    return person


def say(person: Participant, said: Answer) -> Receipt:
    """Their answer to one statement, for their part of the recording only.

    Raises NotPossible when they were cut out or the story was taken back, NotForThisStory.
    """
    with transaction.atomic():
        person = _still_in(person)
        return answer(person.contribution, said, person=person)


def leave(person: Participant) -> Receipt:
    """Take back everything at once: the recording is closed for all, until they agree again.

    Raises NotPossible when they were cut out, or the story was taken back.
    """
    with transaction.atomic():
        person = _still_in(person)
        story = person.contribution
        open_before = exits_of(story)
        story.decide()
        _end_all(person, EventState.WITHDRAWN, CONTRIBUTOR)
        Participant.objects.filter(pk=person.pk).update(state=Participant.State.LEFT)
        close_at_once(story, open_before)
        ring(story.pk)
        return give_receipt(person.key, Receipt.Kind.CHANGED)


def cut(person: Participant, moderator) -> None:
    """A moderator has seen and heard that they are no longer in the recording.

    Their consents end, for there is nothing left that they could be about. What they kept closed
    opens again. Raises NotPossible when they were cut out already, or the story was taken back.
    """
    with transaction.atomic():
        person = _still_in(person)
        story = person.contribution
        story.decide()
        _end_all(person, EventState.INVALIDATED, By.staff(moderator, Method.WEB))
        Participant.objects.filter(pk=person.pk).update(state=Participant.State.CUT)
        carry_out(story)
        log(instance=story, action="stories.person_cut", user=moderator, content_changed=False)
        ring(story.pk)


def _still_in(person: Participant) -> Participant:
    """The person and the story as they are now, held until the decision is committed."""
    story = Contribution.objects.select_for_update(no_key=True).get(pk=person.contribution_id)
    person = Participant.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.contribution = story
    if person.state == Participant.State.CUT:
        raise NotPossible("they are no longer in the recording")
    return person


def _end_all(person: Participant, state: str, by: By) -> None:
    for event in latest_events(person.key):
        if event.is_yes:
            end(event, state, by)
