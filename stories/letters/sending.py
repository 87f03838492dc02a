"""Sending what is in the outbox: each letter by one worker, and again when it went wrong.

A letter is claimed by one conditional UPDATE, which writes down the failure before it happens:
"broken off", to be tried again after a pause. Only a mail server's yes makes it "sent". So a
worker that is killed between sending and marking leads to the same letter twice, never to none:
a second one is a nuisance, a missing one can lock somebody out of their own story.
"""

from __future__ import annotations

import logging
import smtplib
import time
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from stories.letters.models import Letter
from stories.letters.writing import write

log = logging.getLogger(__name__)
State = Letter.State

# How long after each attempt the next one comes. Longer than any attempt takes.
PAUSES = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(PAUSES) + 1
# The worker has withdrawals to carry out too: the rest is left to the next minute.
MOST_SECONDS = 30
BROKEN_OFF = "broken off"
# The server's word on one letter. Any other trouble concerns the next letter as well.
THIS_LETTER_ONLY = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class ServerAway(Exception):
    """The mail server can't be reached, so that other letters need not be tried now."""


def to_be_sent() -> QuerySet[Letter]:
    """Letters whose time has come. One due in far days was claimed before a clock was set back."""
    now = timezone.now()
    in_time = Q(due_at__lte=now) | Q(due_at__gt=now + max(PAUSES))
    return Letter.objects.filter(
        in_time, state__in=[State.DUE, State.FAILED], attempts__lt=MOST_ATTEMPTS
    )


def given_up() -> QuerySet[Letter]:
    """Letters that failed every time. They are for staff to look at."""
    return Letter.objects.filter(state=State.FAILED, attempts__gte=MOST_ATTEMPTS)


def try_again(letter: Letter) -> None:
    """Staff have mended what was wrong."""
    given_up().filter(pk=letter.pk).update(state=State.DUE, attempts=0, due_at=timezone.now())
    send_letters.enqueue()


def ring_letters() -> int:
    """Ring for letters that wait; how many do."""
    waiting = to_be_sent().count()
    if waiting:
        send_letters.enqueue()
    return waiting


@task(queue_name="light")
def send_letters() -> int:
    """Send every letter that is due; return how many were sent."""
    sent, until = 0, time.monotonic() + MOST_SECONDS
    for letter in list(to_be_sent()):
        if time.monotonic() > until:
            break
        try:
            sent += deliver(letter)
        except ServerAway:
            break
    return sent


def claim(letter: Letter) -> bool:
    """Whether this attempt is ours."""
    pause = PAUSES[min(letter.attempts, len(PAUSES) - 1)]
    return bool(
        to_be_sent()
        .filter(pk=letter.pk, attempts=letter.attempts)
        .update(
            state=State.FAILED,
            problem=BROKEN_OFF,
            attempts=F("attempts") + 1,
            due_at=timezone.now() + pause,
        )
    )


def deliver(letter: Letter) -> bool:
    """Whether it was sent, by us, now. Raises ServerAway."""
    if not claim(letter):
        return False
    # As things are from here on, not as they were when the outbox was read.
    letter = Letter.objects.select_related("contribution").get(pk=letter.pk)
    try:
        mail = write(letter)
        if mail:
            mail.send()
    except Exception as error:
        # Its message can hold the address or the link: only its type is written down.
        problem = type(error).__name__
        log.warning("A letter could not be sent: %s", problem)
        _mark(letter, state=State.FAILED, problem=problem[:100])
        if isinstance(error, OSError) and not isinstance(error, THIS_LETTER_ONLY):
            raise ServerAway from None
        return False
    if mail:
        _mark(letter, state=State.SENT, sent_at=timezone.now(), problem="")
    else:
        _mark(letter, state=State.DROPPED, problem="")
    return mail is not None


def _mark(letter: Letter, **changes) -> None:
    """Write down how this attempt ended, if nobody has begun another since."""
    Letter.objects.filter(pk=letter.pk, attempts=letter.attempts).update(**changes)
