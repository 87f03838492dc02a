"""Timed work on many stories, of which none may hold up the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from stories.contributions.models import NotPossible

log = logging.getLogger(__name__)
Item = TypeVar("Item")


def one_by_one(what: str, items: Iterable[Item], act: Callable[[Item], object]) -> int:
    """Act on each; return for how many that did something (answered anything but False).

    NotPossible means that somebody decided first. Any other fault is logged by its type, since a
    message could quote what somebody wrote, and the next minute tries that one again.
    """
    done = 0
    for item in items:
        try:
            done += act(item) is not False
        except NotPossible:
            continue
        except Exception as error:
            log.error("Timed work, %s: %s for one of them", what, type(error).__name__)
    return done
