"""How far a long command has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def shown(
    items: Iterable[T], total: int, say: Callable[[str], object], *, done: int = 0
) -> Iterator[T]:
    """The items, with a bar and the time left on a terminal; elsewhere a line for each tenth.

    done: how many of `total` an earlier run has done.
    """
    bar = tqdm(total=total, initial=done, disable=None, unit=" stories", leave=True)
    tenths = 10 * done // total if total else 0
    with bar:
        for number, item in enumerate(items, start=done + 1):
            yield item
            bar.update()
            if bar.disable and total and 10 * number // total > tenths:
                tenths = 10 * number // total
                say(f"{10 * tenths} %: {number} of {total}")
