"""A call or letter: the story rests at once; who it was is checked afterwards.

Wagtail's log records each step with the call's number, and nothing that was said.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from stories.contributions.calls import Call
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.problems import is_held
from stories.contributions.states import State
from stories.letters.post import post
from stories.publishing.pause import last_pause, pause
from stories.publishing.publish import publish

Identity = Call.Identity
# How long after a check staff can act on behalf: it was this caller, not the next one.
GOOD_FOR = timedelta(hours=24)


def take(story: Contribution, method: str, user) -> Call:
    """Write the call down, and let the story rest if it is out or about to go out.

    Raises NotPossible when the story was taken back.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.is_taken_back:
            raise NotPossible("it was taken back")
        call = Call.objects.create(contribution=story, method=method, taken_by=user)
        paused_at = None
        with suppress(NotPossible):  # it rests already, or was never out
            pause(story)
            paused_at = story.epoch
        note(call, "stories.call", user, paused_at=paused_at)
    return call


def identify(call: Call, identity: str, how: str, user) -> None:
    """Say who it was, once. Raises NotPossible when somebody has said so already."""
    with transaction.atomic():
        decided = Call.objects.filter(pk=call.pk, identity=Identity.UNCHECKED).update(
            identity=identity, how_checked=how, checked_by=user, checked_at=timezone.now()
        )
        if not decided:
            raise NotPossible("it was checked already")
        note(call, f"stories.call_{identity}", user)


def may_act(call: Call) -> bool:
    """Whether staff can act for this caller now."""
    fresh = call.checked_at is not None and call.checked_at > timezone.now() - GOOD_FOR
    return call.identity == Identity.CONFIRMED and fresh


def can_put_back(call: Call) -> bool:
    """Whether a caller who was not the contributor is the only reason why the story rests.

    A pause of the contributor's own stays, and so does one of a call that is not checked yet.
    """
    story = call.contribution
    if call.identity != Identity.REFUTED or story.state != State.PAUSED or is_held(story):
        return False
    if story.calls.exclude(identity=Identity.REFUTED).filter(at__gte=call.at).exists():
        return False
    entries = ModelLogEntry.objects.for_instance(story).filter(action="stories.call")
    paused_at = next(
        (entry.data.get("paused_at") for entry in entries if entry.data.get("call") == call.pk),
        None,
    )
    return paused_at is not None and paused_at == last_pause(story)


def put_back(call: Call, user) -> None:
    """Undo the pause of a call that was not the contributor's. Raises NotPossible."""
    with transaction.atomic():
        call.contribution = Contribution.objects.select_for_update(no_key=True).get(
            pk=call.contribution_id
        )
        if not can_put_back(call):
            raise NotPossible("the call is not why it rests")
        publish(call.contribution)
        note(call, "stories.put_back", user)


def note(call: Call, action: str, user, **data: object) -> None:
    """A line in Wagtail's log."""
    log(
        instance=call.contribution,
        action=action,
        user=user,
        data={"call": call.pk, **data},
        content_changed=False,
    )


def on_behalf(call: Call, did: str, user) -> None:
    """After something was done for the contributor: on the log, and a letter if they have mail."""
    note(call, "stories.on_behalf", user, did=did)
    story = call.contribution
    post(
        story,
        "changed",
        about=f"call {call.pk}, {did}, {timezone.now():%Y-%m-%d %H:%M:%S}",
    )
