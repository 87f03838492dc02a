"""E-mail as rows: each is sent by one worker, and again when it went wrong.

A row is claimed by one conditional UPDATE, which writes down the failure before it happens:
"broken off", to be tried again after a pause. Only a mail server's yes makes it "sent". So a
worker that is killed between sending and marking leads to the same letter twice, never to none:
a second one is a nuisance, a missing one can lock somebody out of their own story.
"""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

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


class Outgoing(models.Model):
    """One e-mail that is to be sent. It holds no address and no words: both are read at sending."""

    class State(models.TextChoices):
        DUE = "due", _("to be sent")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not sent: no longer wanted, or no address")
        FAILED = "failed", _("to be tried again")

    state = models.CharField(max_length=7, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_given_up(self) -> bool:
        return self.state == self.State.FAILED and self.attempts >= MOST_ATTEMPTS


State = Outgoing.State
Row = TypeVar("Row", bound=Outgoing)
# The letter as things are now; None when it is no longer wanted, or there is no address.
Write = Callable[[Row], EmailMessage | None]


def to_be_sent(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows whose time has come. One due in far days was claimed before a clock was set back."""
    now = timezone.now()
    in_time = Q(due_at__lte=now) | Q(due_at__gt=now + max(PAUSES))
    return rows.filter(in_time, state__in=[State.DUE, State.FAILED], attempts__lt=MOST_ATTEMPTS)


def given_up(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows that failed every time. They are for staff to look at."""
    return rows.filter(state=State.FAILED, attempts__gte=MOST_ATTEMPTS)


def put_back(rows: QuerySet[Row]) -> int:
    """Let those that were given up be tried anew; how many."""
    return given_up(rows).update(state=State.DUE, attempts=0, due_at=timezone.now())


def send_all(rows: QuerySet[Row], write: Write[Row]) -> int:
    """Send every one that is due; return how many were sent."""
    sent, until = 0, time.monotonic() + MOST_SECONDS
    for row in list(to_be_sent(rows)):
        if time.monotonic() > until:
            break
        try:
            sent += deliver(rows, row, write)
        except ServerAway:
            break
    return sent


def claim(rows: QuerySet[Row], row: Row) -> bool:
    """Whether this attempt is ours."""
    pause = PAUSES[min(row.attempts, len(PAUSES) - 1)]
    return bool(
        to_be_sent(rows)
        .filter(pk=row.pk, attempts=row.attempts)
        .update(
            state=State.FAILED,
            problem=BROKEN_OFF,
            attempts=F("attempts") + 1,
            due_at=timezone.now() + pause,
        )
    )


def deliver(rows: QuerySet[Row], row: Row, write: Write[Row]) -> bool:
    """Whether it was sent, by us, now. Raises ServerAway."""
    if not claim(rows, row):
        return False
    # As things are from here on, not as they were when the outbox was read.
    row = rows.get(pk=row.pk)
    try:
        mail = write(row)
        if mail:
            mail.send()
    except Exception as error:
        # Its message can hold the address or the link: only its type is written down.
        problem = type(error).__name__
        log.warning("A letter could not be sent: %s", problem)
        _mark(rows, row, state=State.FAILED, problem=problem[:100])
        if isinstance(error, OSError) and not isinstance(error, THIS_LETTER_ONLY):
            raise ServerAway from None
        return False
    if mail:
        _mark(rows, row, state=State.SENT, sent_at=timezone.now(), problem="")
    else:
        _mark(rows, row, state=State.DROPPED, problem="")
    return mail is not None


def _mark(rows: QuerySet[Row], row: Row, **changes) -> None:
    """Write down how this attempt ended, if nobody has begun another since."""
    rows.filter(pk=row.pk, attempts=row.attempts).update(**changes)
