"""Letters that nothing is tried with any more, by what they are about: never to whom, or what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stories.letters import outbox
from stories.letters.alerts import Alert, moderators, send_alerts
from stories.letters.answers import send_answers
from stories.letters.models import Answer, Letter
from stories.letters.outbox import PAUSES
from stories.letters.sending import send_letters

ANSWER = _("an answer to somebody who told us of a problem")
ALERT = _("to moderators: a report that can't wait")


@dataclass(frozen=True)
class Stuck:
    """`since`: when the last attempt with the first of them failed. `problem`: a fault's type."""

    occasion: str | Promise
    problem: str
    number: int
    since: datetime


def stuck() -> list[Stuck]:
    """Letters of every kind that failed each time. Three queries."""
    occasions: dict[str, str | Promise] = dict(Letter.Kind.choices)
    found = [
        Stuck(occasions.get(kind, kind), problem, number, first - PAUSES[-1])
        for kind, problem, number, first in _counted(Letter.objects.all(), "kind")
    ]
    for rows, occasion in ((Answer.objects.all(), ANSWER), (Alert.objects.all(), ALERT)):
        found += [
            Stuck(occasion, problem, number, first - PAUSES[-1])
            for problem, number, first in _counted(rows)
        ]
    return found


def _counted(rows: QuerySet, *names: str) -> Iterator[tuple]:
    """Each with how many there are, and the day on which the first would have been tried next."""
    given_up = outbox.given_up(rows).order_by().values_list(*names, "problem")
    yield from given_up.annotate(Count("pk"), Min("due_at")).order_by(*names, "problem")


def unheard() -> QuerySet[Alert]:
    """Alerts about reports that are still open, of which no moderator could be told."""
    return Alert.objects.filter(state=Alert.State.DROPPED, about__closed_at=None)


def nobody_to_tell() -> bool:
    """Whether no moderator has an e-mail address."""
    return not moderators()


def try_all_again() -> int:
    """What was wrong has been mended; how many are tried anew."""
    number = outbox.put_back(Letter.objects.all()) + outbox.put_back(Answer.objects.all())
    number += outbox.put_back(Alert.objects.all())
    if not nobody_to_tell():
        number += unheard().update(state=Alert.State.DUE, attempts=0, due_at=timezone.now())
    for bell in (send_letters, send_answers, send_alerts):
        bell.enqueue()
    return number
