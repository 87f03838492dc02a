"""A clock that a test can set, forward and back, as a server's can be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    """Days before or after the real time."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._real = timezone.now

    def now(self) -> datetime:
        return self._real() + self.ahead

    def set(self, **ahead: float) -> None:
        """So far ahead of the real time: set(days=30), set(days=-1), set() for the real one."""
        self.ahead = timedelta(**ahead)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock
