"""Is everything that the site stands on there, ours, and of the right shape?

Each part has a `problem()`: "" when all is well, else one sentence or two that say what is wrong
and what to do. They name settings and addresses, never a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archive.parts import broker, database, disk
from media_pipeline import api as media
from search import api as search

PARTS: dict[str, Callable[[], str]] = {
    "disk": disk.problem,
    "database": database.problem,
    "broker": broker.problem,
    "buckets": lambda: media.problem(),
    "sandbox": lambda: media.sandbox_problem(),
    "scanner": lambda: media.scanner_problem(),
    "index": lambda: search.problem(),
}
# What is said, and keeps nobody from starting: it works without, and less well.
NOTICES: dict[str, Callable[[], str]] = {
    "sandbox": lambda: media.sandbox_notice(),
    "scanner": lambda: media.scanner_notice(),
}


def problems(names: Iterable[str] = PARTS) -> dict[str, str]:
    """{part: what is wrong with it}, of all that are not well: one does not hide the next."""
    said = {name: _ask(PARTS[name]) for name in names}
    return {name: problem for name, problem in said.items() if problem}


def notices(names: Iterable[str] = PARTS) -> dict[str, str]:
    """{part: what could be better with it}."""
    said = {name: _ask(NOTICES[name]) for name in names if name in NOTICES}
    return {name: notice for name, notice in said.items() if notice}


def _ask(part: Callable[[], str]) -> str:
    try:
        return part()
    except Exception as error:
        # Its type only: its words are not ours, and could hold anything.
        return f"Could not be looked at: {type(error).__name__}."
