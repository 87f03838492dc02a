"""Consents that run out, as letters speak of them: one letter a story, occasion and day."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils import timezone

from stories.consent.events import EventState
from stories.consent.reading import latest_events, running
from stories.contributions.models import Contribution
from stories.contributions.participants import participants_of


def day_of(at: datetime) -> str:
    """The day on the archive's own calendar, as YYYY-MM-DD."""
    return timezone.localdate(at).isoformat()


def about_ending(days: int, at: datetime) -> str:
    """What a reminder `days` before is about, such as "30:2031-05-02"."""
    return f"{days}:{day_of(at)}"


def keys_of_others(story: Contribution) -> list[uuid.UUID]:
    """Keys, in the consent records, of everybody else who is in the recording."""
    return list(participants_of(story).values_list("key", flat=True))


def runs_out(keys: list[uuid.UUID], day: str) -> bool:
    """Whether a consent of one of these people still stands, and ends on that day."""
    ends = running().filter(pii_principal_id__in=keys).values_list("expires_at", flat=True)
    return any(at and day_of(at) == day for at in ends)


def has_run_out(keys: list[uuid.UUID]) -> bool:
    """Whether a consent of one of these people has run out and was not answered since."""
    return any(
        event.event_state == EventState.EXPIRED for key in keys for event in latest_events(key)
    )
