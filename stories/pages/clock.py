"""How a moment in a recording is written."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """2:31, or 1:02:09."""
    minutes, left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
