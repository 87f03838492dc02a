"""Answers to people who told us of a problem with a story and left an address."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from stories.contributions.problems import Problem
from stories.letters import outbox
from stories.letters.models import Answer
from stories.letters.writing import HEADERS

SUBJECT = _("About what you told us")


def post_answer(problem: Problem) -> None:
    """Have what is written there sent, once this transaction is through; another one anew."""
    Answer.objects.update_or_create(
        told=problem,
        defaults={
            "state": Answer.State.DUE,
            "attempts": 0,
            "problem": "",
            "due_at": timezone.now(),
            "sent_at": None,
        },
    )
    transaction.on_commit(partial(send_answers.enqueue))


def answers() -> QuerySet[Answer]:
    return Answer.objects.select_related("told")


def try_answer_again(problem: Problem) -> int:
    """The mail server has been mended; how many were given up, and are tried again now."""
    number = outbox.put_back(Answer.objects.filter(told=problem))
    send_answers.enqueue()
    return number


def ring_answers() -> int:
    """Ring for answers that wait; how many do."""
    waiting = outbox.to_be_sent(Answer.objects.all()).count()
    if waiting:
        send_answers.enqueue()
    return waiting


@task(queue_name="light")
def send_answers() -> int:
    """Send every answer that is due; return how many were sent."""
    return outbox.send_all(answers(), write)


def write(answer: Answer) -> EmailMessage | None:
    """The e-mail; None where there is no address or no answer any more."""
    told = answer.told.told
    if not told.email or not told.answer:
        return None
    facts = {"answer": told.answer, "days": settings.REPORT_DAYS}
    text = render_to_string("letters/answer.txt", facts)
    return EmailMessage(SUBJECT, text, to=[told.email], headers=HEADERS)
