"""When each kind of letter is still true, and the facts that its text needs.

A letter can wait in the outbox while things go on. Each function is asked at the moment of
sending; None means that the occasion has passed, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings

from stories.consent.events import EventState
from stories.consent.reading import latest_events
from stories.contributions.allowed import exits_of
from stories.contributions.asks import Ask
from stories.contributions.problems import is_held
from stories.contributions.standing import waits_for
from stories.contributions.states import State
from stories.letters.endings import has_run_out, keys_of_others, runs_out
from stories.letters.models import Letter

Facts = dict[str, Any] | None


def facts_of(letter: Letter) -> Facts:
    """The facts of this letter now; None when it should not be sent any more."""
    return OCCASIONS[letter.kind](letter)


def _link(letter: Letter) -> Facts:
    story = letter.contribution
    if story.state == State.ERASED:
        return None
    return {"since": story.sent_at or story.created_at, "is_draft": story.state == State.DRAFT}


def _sent(letter: Letter) -> Facts:
    story = letter.contribution
    return None if story.state == State.DRAFT or story.is_taken_back else {}


def _look(letter: Letter) -> Facts:
    story = letter.contribution
    waits = story.versions.filter(number=letter.about, agreed_at__isnull=True).exists()
    if story.is_taken_back or not waits:
        return None
    return {"is_out": story.state != State.APPROVED}


def _waiting(letter: Letter) -> Facts:
    story = letter.contribution
    return {"day": story.publish_after} if story.state == State.WAITING else None


def _published(letter: Letter) -> Facts:
    story = letter.contribution
    return {"closed": bool(waits_for(story))} if story.state == State.PUBLISHED else None


def _declined(letter: Letter) -> Facts:
    is_declined = letter.contribution.state == State.DECLINED
    return {"days": settings.DECLINED_DAYS} if is_declined else None


def _ending(letter: Letter) -> Facts:
    story, day = letter.contribution, letter.about.partition(":")[2]
    own = runs_out([story.contributor_key], day)
    others = runs_out(keys_of_others(story), day)
    if story.is_taken_back or not (own or others):
        return None
    return {"day": date.fromisoformat(day), "own": own, "others": others}


def _ended(letter: Letter) -> Facts:
    story = letter.contribution
    own, others = has_run_out([story.contributor_key]), has_run_out(keys_of_others(story))
    if story.is_taken_back or not (own or others):
        return None
    return {"own": own, "others": others, "resting": story.state == State.PAUSED}


def _asked(letter: Letter) -> Facts:
    story = letter.contribution
    asked = any(
        event.event_state == EventState.REQUESTED for event in latest_events(story.contributor_key)
    )
    open_ = asked or story.asks.filter(state=Ask.State.OPEN).exists()
    return {} if open_ and not story.is_taken_back else None


def _changed(letter: Letter) -> Facts:
    return None if letter.contribution.is_taken_back else {}


def _held(letter: Letter) -> Facts:
    story = letter.contribution
    return {} if story.state == State.PAUSED and is_held(story) else None


def _back(letter: Letter) -> Facts:
    return {} if letter.contribution.state == State.PUBLISHED else None


def _gone(letter: Letter) -> Facts:
    story = letter.contribution
    if story.state != State.WITHDRAWN:
        return None
    return {
        "was_out": story.published_at is not None,
        "was_declined": bool(story.decline_reason),
        "kept_until": story.destroy_after if story.is_kept else None,
    }


def _followup(letter: Letter) -> Facts:
    return {} if "followup" in exits_of(letter.contribution) else None


Kind = Letter.Kind
OCCASIONS: dict[str, Callable[[Letter], Facts]] = {
    Kind.LINK: _link,
    Kind.SENT: _sent,
    Kind.LOOK: _look,
    Kind.WAITING: _waiting,
    Kind.PUBLISHED: _published,
    Kind.DECLINED: _declined,
    Kind.ENDING: _ending,
    Kind.ENDED: _ended,
    Kind.ASKED: _asked,
    Kind.CHANGED: _changed,
    Kind.HELD: _held,
    Kind.BACK: _back,
    Kind.GONE: _gone,
    Kind.FOLLOWUP: _followup,
}
