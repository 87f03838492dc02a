"""Answers to people who told us of a problem with a story and left an address.

Each is claimed as a letter is (outbox.py): the next attempt is written down before this one.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from stories.contributions.problems import Problem, Told
from stories.letters.outbox import MOST_ATTEMPTS, PAUSES
from stories.letters.writing import HEADERS

log = logging.getLogger(__name__)
SUBJECT = _("About what you told us")


def answers_due() -> QuerySet[Problem]:
    """Those whose time has come, and that were not tried too often."""
    return Problem.objects.filter(answer_due__lte=timezone.now(), answer_attempts__lt=MOST_ATTEMPTS)


def ring_answers() -> int:
    """Ring for answers that wait; how many do."""
    waiting = answers_due().count()
    if waiting:
        send_answers.enqueue()
    return waiting


@task(queue_name="light")
def send_answers() -> int:
    """Send every answer that is due; return how many were sent."""
    return sum(_deliver(problem) for problem in list(answers_due()))


def _deliver(problem: Problem) -> bool:
    pause: timedelta = PAUSES[min(problem.answer_attempts, len(PAUSES) - 1)]
    mine = answers_due().filter(pk=problem.pk, answer_attempts=problem.answer_attempts)
    if not mine.update(answer_attempts=F("answer_attempts") + 1, answer_due=timezone.now() + pause):
        return False
    told = problem.told
    try:
        if told.email and told.answer:
            _written(told).send()
    except Exception as error:
        # Its message can hold the address: only its type is written down.
        log.warning("An answer could not be sent: %s", type(error).__name__)
        return False
    Problem.objects.filter(pk=problem.pk).update(answer_due=None, answered_at=timezone.now())
    return True


def _written(told: Told) -> EmailMessage:
    facts = {"answer": told.answer, "days": settings.REPORT_DAYS}
    text = render_to_string("letters/answer.txt", facts)
    return EmailMessage(SUBJECT, text, to=[told.email], headers=HEADERS)
