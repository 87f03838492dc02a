"""What somebody tells us about a story: taken in, the story hidden meanwhile, and an end to it.

Wagtail's log records each step of staff with the number of the report, and nothing that was said.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from stories.contributions import keys
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.problems import Problem, Told, destroy, sealed
from stories.contributions.states import State
from stories.letters.alerts import Alert, send_alerts
from stories.letters.answers import post_answer
from stories.letters.post import post
from stories.publishing.pause import last_pause, pause
from stories.publishing.publish import publish


def tell(story: Contribution, about: str, told: Told, form: uuid.UUID) -> Problem | None:
    """Take it in. None where this form was sent before: it is here already."""
    if Problem.objects.filter(form=form).exists():
        return None
    key = uuid.uuid4()
    keys.create(key)
    try:
        with transaction.atomic():
            problem = Problem.objects.create(
                contribution=story, about=about, key=key, form=form, sealed=sealed(key, told)
            )
            if problem.is_alarming:
                Alert.objects.create(about=problem)
                transaction.on_commit(partial(send_alerts.enqueue))
            return problem
    except IntegrityError:  # the same form, at the same moment
        keys.destroy(key)
        return None


def hide(problem: Problem, user) -> None:
    """Off the site at once, and kept off until a moderator says otherwise; its teller is told.

    Raises NotPossible when the story was taken back.
    """
    with transaction.atomic():
        story = _locked(problem)
        if story.is_taken_back:
            raise NotPossible("it was taken back")
        problem.refresh_from_db()
        if problem.holds:
            return
        problem.holds = True
        with suppress(NotPossible):  # it rests already
            pause(story)
            problem.hidden_epoch = story.epoch
            post(story, "held", about=str(story.epoch))
        problem.save(update_fields=["holds", "hidden_epoch"])
        _note(problem, "stories.problem_hidden", user)


def may_put_back(problem: Problem) -> bool:
    """Whether the story comes back when this no longer holds it.

    It stays away where its teller let it rest, or another report or a call is not settled.
    """
    story = problem.contribution
    return (
        story.state == State.PAUSED
        and problem.hidden_epoch is not None
        and problem.hidden_epoch == last_pause(story)
        and not story.problems.filter(holds=True).exclude(pk=problem.pk).exists()
        and not story.calls.exclude(identity="refuted").filter(at__gte=problem.sent_at).exists()
    )


def put_back(problem: Problem, user) -> bool:
    """It no longer holds the story; True when that is back on the site."""
    with transaction.atomic():
        story = _locked(problem)
        problem.refresh_from_db()
        if not problem.holds:
            return False
        back = may_put_back(problem)
        problem.holds, problem.hidden_epoch = False, None
        problem.save(update_fields=["holds", "hidden_epoch"])
        if back:
            publish(story)
            post(story, "back", about=str(story.epoch))
        _note(problem, "stories.problem_back", user)
    return back


def close(problem: Problem, outcome: str, answer: str, user) -> None:
    """An end to it, with what came of it, and an answer to who left an address.

    What is hidden stays hidden: bringing a story back is a press of its own. Raises NotPossible
    when somebody has closed it already.
    """
    with transaction.atomic():
        closed = Problem.objects.filter(pk=problem.pk, closed_at=None).update(
            outcome=outcome, closed_at=timezone.now(), closed_by=user
        )
        if not closed:
            raise NotPossible("it is closed already")
        told = problem.told
        if answer and told.email:
            told.answer = answer
            problem.keep(told)
            post_answer(problem)
        _note(problem, "stories.problem_closed", user)


def reopen(problem: Problem, user) -> None:
    """It was closed too early. Raises NotPossible when it is open."""
    with transaction.atomic():
        if (
            not Problem.objects.filter(pk=problem.pk)
            .exclude(closed_at=None)
            .update(outcome="", closed_at=None, closed_by=None)
        ):
            raise NotPossible("it is open")
        _note(problem, "stories.problem_reopened", user)


def forget_problems(age: timedelta) -> int:
    """Those that were closed so long ago, and hold no story back."""
    over = Problem.objects.filter(closed_at__lt=timezone.now() - age, holds=False)
    return destroy(over)


def _locked(problem: Problem) -> Contribution:
    problem.contribution = Contribution.objects.select_for_update(no_key=True).get(
        pk=problem.contribution_id
    )
    return problem.contribution


def _note(problem: Problem, action: str, user) -> None:
    log(
        instance=problem.contribution,
        action=action,
        user=user,
        data={"problem": problem.pk},
        content_changed=False,
    )
