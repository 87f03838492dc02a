"""Timing what a function takes while the real code calls it."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any


class Clock:
    """Milliseconds by label; a label timed many times has its median."""

    def __init__(self) -> None:
        self.spans: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def time(self, label: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spans[label].append((time.perf_counter() - began) * 1000)

    def timed(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with self.time(label):
                return function(*args, **kwargs)

        return run

    @contextmanager
    def watching(self, owner: Any, name: str, label: str) -> Iterator[None]:
        """Time a function of a module for as long as the block runs."""
        real = getattr(owner, name)
        setattr(owner, name, self.timed(label, real))
        try:
            yield
        finally:
            setattr(owner, name, real)

    def medians(self) -> dict[str, float]:
        return {label: statistics.median(spans) for label, spans in self.spans.items()}


def until(what: Callable[[], bool], patience: float = 60, look: float = 0.004) -> None:
    """Wait for something to become true. Raises TimeoutError after `patience` seconds."""
    ends = time.monotonic() + patience
    while not what():
        if time.monotonic() > ends:
            raise TimeoutError("it did not happen")
        time.sleep(look)
