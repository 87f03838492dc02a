"""From ranks to figures, each with the interval in which 95 of 100 such samples would lie."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TOP = 10
RESAMPLES = 1000


@dataclass(frozen=True)
class Outcome:
    """What one query got.

    rank: the place of the recording that was meant, from 1; 0 where it is not among the first ten.
    found: whether there was any answer.
    away: seconds between the first moment shown of it and the nearest word that was meant.
    away_from_any: the same, where any place of that recording will do at which all that was typed
    is said, no further apart than where it was meant (places.py).
    """

    rank: int
    found: bool
    away: float | None = None
    away_from_any: float | None = None


def reciprocal_rank(outcomes: Sequence[Outcome]) -> float:
    """MRR@10: the mean of 1/rank, 0 beyond the tenth (Voorhees, TREC-8, 1999)."""
    return statistics.mean(1 / one.rank if one.rank else 0.0 for one in outcomes)


def success(outcomes: Sequence[Outcome]) -> float:
    return statistics.mean(one.rank == 1 for one in outcomes)


def nothing(outcomes: Sequence[Outcome]) -> float:
    return statistics.mean(not one.found for one in outcomes)


def seek_error(outcomes: Sequence[Outcome]) -> float:
    """Seconds, at the 95th percentile of the recordings that are among the first ten; not a
    number where none is. To be read beside success: what was not found is in no place."""
    return _95th(one.away for one in outcomes)


def seek_error_of_any(outcomes: Sequence[Outcome]) -> float:
    """The same, of any place where all that was typed is said."""
    return _95th(one.away_from_any for one in outcomes)


def _95th(seconds: Iterable[float | None]) -> float:
    away = sorted(each for each in seconds if each is not None)
    return away[min(len(away) - 1, int(0.95 * len(away)))] if away else math.nan


def interval(
    measure: Callable[[Sequence[Outcome]], float], outcomes: Sequence[Outcome]
) -> tuple[float, float]:
    """The percentile bootstrap's 95 % (Efron, 1979), with the same draws each time."""
    draw = random.Random(1)
    values = sorted(measure(draw.choices(outcomes, k=len(outcomes))) for _ in range(RESAMPLES))
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES) - 1]
