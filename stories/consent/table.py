"""The registry of exits as a table to read, for the documentation."""

from __future__ import annotations

from stories.consent.doors import DOORS, NO_DOOR_YET
from stories.consent.exits import EXITS, Exit


def as_markdown() -> str:
    """One row for each exit: what it lets out, what opens it, where it is in the code."""
    rows = [
        "| exit | lets out | opened by | where |",
        "|---|---|---|---|",
        *(
            f"| `{door.name}` | {door.lets_out} | {opened_by(door)} | {where(door)} |"
            for door in EXITS
        ),
    ]
    return "\n".join(rows) + "\n"


def opened_by(door: Exit) -> str:
    parts = [f"`{slug}`" for slug in sorted(door.every)]
    if door.choice:
        purpose, options = door.choice
        parts.append(f"`{purpose}` = {' or '.join(sorted(options))}")
    for slug, instead in door.either:
        named = " or ".join(f"`{option}`" for option in instead)
        parts.append(f"(`{slug}`, or it is {named})")
    if door.some:
        parts.append("one of " + ", ".join(f"`{slug}`" for slug in sorted(door.some)))
    return " and ".join(parts)


def where(door: Exit) -> str:
    places = [place for place, exits in DOORS.items() if door.name in exits]
    named = ", ".join(f"`{place}`" for place in places)
    return named or f"nowhere: {NO_DOOR_YET[door.name]}"
