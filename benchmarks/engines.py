"""The flow's fixed costs on both ways of running: `make bench-engines`.

Each way is measured in a process of its own, one after the other, in one run. The table gives
medians in milliseconds, the stack as a multiple of the embedded way, and each step as a multiple
of the same work asked of its engine directly (benchmarks/raw.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from archive.stack.places import Home
from archive.stack.running import start, stop
from archive.stack.servers import create_database, environment, servers

HOME = "stack-benchmark"
FLOWS = [
    "request to stored upload",
    "approval: the request",
    "approval to visible",
    "withdrawal to invisible",
    "withdrawal to ledger done",
    "bell: from a message to its task's end",
]
PARTS = {
    "request to stored upload": "upload: ",
    "all steps, opening": "open: ",
    "all steps, closing": "close: ",
}
PAIRS = ("store", "search put", "search remove")


def main() -> None:
    embedded = measure({})
    home = Home(HOME)
    home.make()
    start(servers(home))
    try:
        create_database(home)
        stack = measure(environment(home) | {"DELIVERY": "threads"})
    finally:
        stop(home)
    show(embedded, stack)


def measure(engines: dict[str, str]) -> dict[str, float]:
    """Medians in milliseconds of one way of running."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.way"],
        env=os.environ | engines,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def show(embedded: dict[str, float], stack: dict[str, float]) -> None:
    print(f"{'median milliseconds':44}{'embedded':>10}{'stack':>10}{'ratio':>8}")
    for label in FLOWS:
        row(label, embedded, stack)
    for whole, start_ in PARTS.items():
        print()
        row(whole, embedded, stack)
        for label in sorted(stack.keys() | embedded.keys()):
            if label.startswith(start_):
                row(f"  {label}", embedded, stack)
    print(f"\n{'a step and its raw call':44}{'embedded':>18}{'stack':>18}")
    for what in PAIRS:
        cells = [compared(figures, what) for figures in (embedded, stack)]
        print(f"{what:44}{cells[0]:>18}{cells[1]:>18}")


def row(label: str, embedded: dict[str, float], stack: dict[str, float]) -> None:
    one, other = embedded.get(label.strip()), stack.get(label.strip())
    ratio = f"{other / one:.1f}" if one and other else ""
    print(f"{label:44}{_number(one):>10}{_number(other):>10}{ratio:>8}")


def compared(figures: dict[str, float], what: str) -> str:
    """Ours / raw = ratio."""
    ours, raw = figures[f"ours: {what}"], figures[f"raw: {what}"]
    return f"{ours:.1f}/{raw:.1f} = {ours / raw:.1f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


if __name__ == "__main__":
    main()
