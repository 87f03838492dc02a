"""Sending letters to contributors: what is in the outbox, and again when it went wrong."""

from __future__ import annotations

from django.db.models import QuerySet
from django_tasks import task

from stories.letters import outbox
from stories.letters.models import Letter
from stories.letters.outbox import MOST_ATTEMPTS
from stories.letters.writing import write

__all__ = ["MOST_ATTEMPTS"]


def letters() -> QuerySet[Letter]:
    return Letter.objects.select_related("contribution")


def to_be_sent() -> QuerySet[Letter]:
    """Letters whose time has come."""
    return outbox.to_be_sent(Letter.objects.all())


def given_up() -> QuerySet[Letter]:
    """Letters that failed every time. They are for staff to look at."""
    return outbox.given_up(Letter.objects.all())


def try_again(letter: Letter) -> None:
    """Staff have mended what was wrong."""
    outbox.put_back(Letter.objects.filter(pk=letter.pk))
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
    return outbox.send_all(letters(), write)


def deliver(letter: Letter) -> bool:
    """Whether it was sent, by us, now. Raises outbox.ServerAway."""
    return outbox.deliver(letters(), letter, write)
