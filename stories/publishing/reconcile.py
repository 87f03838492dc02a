"""Bring everything public to what the decision and the consents in force want.

One story's steps run under one lease. After every step the epoch is read again: when somebody
decided meanwhile, it all starts over, so that a late opening can't survive a withdrawal.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from stories import journal
from stories.consent.events import Receipt
from stories.consent.record import give_receipt
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.closing import tick_off
from stories.publishing.runs import StepRun
from stories.publishing.steps import STEPS, NotYet, Step

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MAX_ROUNDS = 20  # decisions that may overtake one reconciliation before it is left to the next


def reconcile(contribution_id: int) -> bool:
    """Run the steps of one story. True when all stand as wanted; False means: ring again later."""
    token = uuid.uuid4()
    if not _claim(contribution_id, token):
        return False
    try:
        well = _run_rounds(contribution_id, token)
    finally:
        Contribution.objects.filter(pk=contribution_id, lease_token=token).update(
            lease_token=None, lease_until=None
        )
    # Somebody who decided while the lease was being given back has rung in vain.
    if well and contribution_id in unreconciled():
        return reconcile(contribution_id)
    return well


def _run_rounds(contribution_id: int, token: uuid.UUID) -> bool:
    for _ in range(MAX_ROUNDS):
        story = Contribution.objects.get(pk=contribution_id)
        if story.lease_token != token:
            return False  # we were too slow, and somebody else has it now
        outcome = _run_steps(story, token)
        if outcome is not None:
            return outcome
    return False


def _claim(contribution_id: int, token: uuid.UUID) -> bool:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return bool(
        Contribution.objects.filter(free, pk=contribution_id).update(
            lease_token=token, lease_until=now + LEASE
        )
    )


def _run_steps(story: Contribution, token: uuid.UUID) -> bool | None:
    """True or False as reconcile(); None when the decision changed under us."""
    wanted = {step.name: step.wanted(story) for step in STEPS}
    closing = [step for step in reversed(STEPS) if not wanted[step.name]]
    opening = [step for step in STEPS if wanted[step.name]]
    well = True
    for step in closing + opening:
        if step.sweeps and not well:
            continue  # to be done when what it sweeps up after is done
        well = _run(step, story, wanted[step.name]) and well
        renewed = Contribution.objects.filter(
            pk=story.pk, epoch=story.epoch, lease_token=token
        ).update(lease_until=timezone.now() + LEASE)
        if not renewed:
            return None
    if not well:
        return False
    return _finish(story)


def _run(step: Step, story: Contribution, wanted: bool) -> bool:
    goal = StepRun.State.OPEN if wanted else StepRun.State.CLOSED
    done = StepRun.objects.filter(
        contribution=story, step=step.name, epoch=story.epoch, state=goal
    ).exists()
    if done:
        return True
    problem = ""
    try:
        (step.open if wanted else step.close)(story)
    except NotYet:
        problem = "not yet"
    except Exception as error:
        # One step's fault must not keep the others from closing.
        problem = type(error).__name__
        log.exception("Step %s failed for %s", step.name, story.reference)
    StepRun.objects.update_or_create(
        contribution=story,
        step=step.name,
        defaults={
            "epoch": story.epoch,
            "state": StepRun.State.FAILED if problem else goal,
            "problem": problem,
            "attempts": F("attempts") + 1,
        },
        create_defaults={
            "epoch": story.epoch,
            "state": StepRun.State.FAILED if problem else goal,
            "problem": problem,
        },
    )
    if story.is_taken_back:
        tick_off(story, step, problem)
    return not problem


def _finish(story: Contribution) -> bool | None:
    """Write that this epoch is done; a withdrawal whose remnants are all gone is an erasure."""
    changes: dict = {"reconciled_epoch": story.epoch}
    if story.state == State.WITHDRAWN and not story.is_kept:
        for step in STEPS:
            tick_off(story, step, "")  # what one step left, another may have closed
        if remnants_of(story):
            StepRun.objects.filter(contribution=story).update(state=StepRun.State.FAILED)
            return False
        changes |= {"state": State.ERASED, "erased_at": timezone.now()}
    updated = Contribution.objects.filter(pk=story.pk, epoch=story.epoch).update(**changes)
    if updated and "state" in changes:
        give_receipt(story.contributor_key, Receipt.Kind.WITHDRAWN)
        journal.append({"kind": "erased", "reference": story.reference, "epoch": story.epoch})
    return True if updated else None


def remnants_of(story: Contribution) -> dict[str, list[str]]:
    """What verification finds of a story that should be gone: {step: [where]}; empty when clean."""
    found = {step.name: step.remnants(story) for step in STEPS}
    return {name: places for name, places in found.items() if places}


def unreconciled() -> list[int]:
    """Ids of stories whose last decision is not carried out yet."""
    behind = Contribution.objects.filter(reconciled_epoch__lt=F("epoch")).exclude(
        state__in=[State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED]
    )
    return list(behind.values_list("pk", flat=True))
