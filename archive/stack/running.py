"""Starting several parts at once, and ending exactly those that were started."""

from __future__ import annotations

from archive.stack.places import Home
from archive.stack.server import Server

# They work on the servers, so they end first: a server waits for whoever is still connected.
SITE = ("nginx", "web", "light", "media", "beat")


def start(parts: list[Server]) -> list[str]:
    """All at once, then wait for each. The names of those that did not run yet.

    Raises CannotStart; what is well by then goes on running, so that a second try is short.
    """
    fresh = [part.name for part in parts if part.start()]
    for part in parts:
        part.wait()
    return fresh


def all_run(parts: list[Server]) -> bool:
    return all(part.pid() for part in parts)


def started(home: Home) -> list[Server]:
    """Every part of which there is a note, the last started first."""
    notes = home.folder("running").glob("*.json")
    newest = sorted(notes, key=lambda path: path.stat().st_mtime, reverse=True)
    return [Server.noted(note.stem, home) for note in newest]


def stop(home: Home) -> list[str]:
    """End what this stack started, and nothing else. The names of those that ran."""
    parts = started(home)
    ended: list[str] = []
    for group in (
        [part for part in parts if part.name in SITE],
        [part for part in parts if part.name not in SITE],
    ):
        ended += [part.name for part in group if part.signal_end()]
        for part in group:
            part.wait_end()
    return ended
