"""What a harvester asks, read and checked as OAI-PMH wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from django.http import QueryDict

# {verb: (arguments that it needs, arguments that it may have besides)}
VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
}
LISTS = {"ListIdentifiers", "ListRecords"}
NAME = r"[A-Za-z0-9\-_.!~*'()]+"
# How these arguments may be written. An answer says them again, and nothing else may stand there.
WRITTEN = {
    "identifier": re.compile(
        r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+"
    ),
    "metadataPrefix": re.compile(NAME),
    "set": re.compile(f"{NAME}(?::{NAME})*"),
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Refused(Exception):
    """One of the protocol's error codes, with a sentence."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """A verb and its arguments, each once and none that it does not take."""

    verb: str
    arguments: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.arguments.get(name, "")


def read(params: QueryDict) -> Asked:
    """Raises Refused with badVerb or badArgument."""
    verbs = params.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Refused("badVerb", "Ask with one of the verbs of OAI-PMH 2.0.")
    verb = verbs[0]
    needed, allowed = VERBS[verb]
    given = {name: values for name, values in params.lists() if name != "verb"}
    if any(len(values) != 1 for values in given.values()):
        raise Refused("badArgument", "Each argument may stand there once.")
    arguments = {name: values[0] for name, values in given.items()}
    if verb in LISTS and "resumptionToken" in arguments:
        needed, allowed = {"resumptionToken"}, set()
    if needed - set(arguments):
        raise Refused("badArgument", f"{verb} needs {' and '.join(sorted(needed))}.")
    if set(arguments) - needed - allowed:
        raise Refused("badArgument", f"{verb} takes no other argument beside these.")
    for name, written in WRITTEN.items():
        if name in arguments and not written.fullmatch(arguments[name]):
            raise Refused("badArgument", f"No {name} is written like that.")
    return Asked(verb, arguments)


def times(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """From and until, both included. Raises Refused with badArgument."""
    since, until = asked["from"], asked["until"]
    if since and until and len(since) != len(until):
        raise Refused("badArgument", "from and until have to be of the same granularity.")
    first, last = _moment(since, time.min), _moment(until, time(23, 59, 59))
    if first and last and first > last:
        raise Refused("badArgument", "from is later than until.")
    return first, last


def _moment(typed: str, of_day: time) -> datetime | None:
    if not typed:
        return None
    try:
        if DAY.fullmatch(typed):
            return datetime.combine(datetime.fromisoformat(typed), of_day, UTC)
        if SECOND.fullmatch(typed):
            return datetime.fromisoformat(typed)
    except ValueError:
        pass  # such as the thirtieth of February
    raise Refused("badArgument", "A time is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
