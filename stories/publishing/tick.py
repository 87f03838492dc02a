"""All timed work, once a minute: what is late is rung again, what has run out ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.utils import timezone

from media_pipeline import api as media
from search import api as search
from stories.consent.chain import catch_up
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.letters.alerts import ring_alerts
from stories.letters.answers import ring_answers
from stories.letters.lost_links import ring_link_requests
from stories.letters.sending import ring_letters
from stories.publishing.expiry import expire, remind
from stories.publishing.one_by_one import one_by_one
from stories.publishing.publish import publish
from stories.publishing.reconcile import unreconciled
from stories.publishing.retention import RULES
from stories.publishing.tasks import reconcile_story
from stories.publishing.traces import scrub_database
from stories.publishing.widen import finish_widening

log = logging.getLogger(__name__)
FAILED = "parts that failed"


Parts = Sequence[tuple[str, Callable[[], int]]]


def tick() -> dict[str, int]:
    """Run what is due of the stories; return how many of each."""
    return run(PARTS)


def run(parts: Parts) -> dict[str, int]:
    """Run each part; one part's fault does not stop the others."""
    done = {FAILED: 0}
    for name, part in parts:
        try:
            done[name] = part()
        except Exception as error:
            # Its type only: a message could quote what somebody wrote.
            log.error("Timed work, %s: %s", name, type(error).__name__)
            done[name] = 0
            done[FAILED] += 1
    return done


def ring_unreconciled() -> int:
    late = unreconciled()
    for contribution_id in late:
        reconcile_story.enqueue(contribution_id)
    return len(late)


def publish_waiting() -> int:
    """Stories whose days of thinking again are over."""
    due = Contribution.objects.filter(state=State.WAITING, publish_after__lte=timezone.now())
    return one_by_one("publishing", due, publish)


def put_off_scrubs() -> int:
    """A story replaced by a shorter version leaves words in the search file too."""
    return int(not search.scrub())


# Each part may run at any time, twice, or by two processes at once, and returns a number.
PARTS: Parts = (
    ("media jobs rung", media.ring_all),
    ("left-over work removed", media.sweep_work),
    ("stories rung", ring_unreconciled),
    ("people whose consents ended", expire),
    ("stories published", publish_waiting),
    ("reminders posted", remind),
    ("record heads written to the journal", catch_up),
    ("people asked about a wider question", finish_widening),
    *((rule.name, rule.enforce) for rule in RULES),
    ("lost links rung", ring_link_requests),
    ("letters rung", ring_letters),
    ("answers rung", ring_answers),
    ("alerts rung", ring_alerts),
    ("search scrubs put off", put_off_scrubs),
    ("database scrubs put off", lambda: int(not scrub_database())),
)
