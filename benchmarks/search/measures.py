"""From ranks to figures, each with the interval in which 95 of 100 such samples would lie."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TOP = 10
RESAMPLES = 1000


@dataclass(frozen=True)
class Outcome:
    """What one query got.

    rank: the place of the recording that was meant, from 1; 0 where it is not among the first ten.
    found: whether there was any answer.
    away: seconds between the first moment shown of it and the nearest word that was meant.
    """

    rank: int
    found: bool
    away: float | None = None


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
    away = sorted(one.away for one in outcomes if one.away is not None)
    return away[min(len(away) - 1, int(0.95 * len(away)))] if away else math.nan


def interval(
    measure: Callable[[Sequence[Outcome]], float], outcomes: Sequence[Outcome]
) -> tuple[float, float]:
    """The percentile bootstrap's 95 % (Efron, 1979), with the same draws each time."""
    draw = random.Random(1)
    values = sorted(measure(draw.choices(outcomes, k=len(outcomes))) for _ in range(RESAMPLES))
    return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES) - 1]
