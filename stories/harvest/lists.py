"""A long list in pieces, each with a token that leads to the next.

The token holds all that the list was asked for and where this piece ended, signed: nothing is kept
here between two pieces. What changes while somebody harvests comes once more at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from stories.harvest import records
from stories.harvest.asked import Asked, Refused, times
from stories.pages.harvested import Harvested

PAGE_SIZE = 100
PREFIX = "oai_dc"
SALT = "oai-pmh"
TOKEN_AGE = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """`token`: "" at the end of a list that came in several pieces, None where it is one piece.

    `cursor`: how many came before; `size`: how many there were in all when it was first asked.
    """

    records: list[records.Record]
    token: str | None
    cursor: int
    size: int
    expires: datetime


def piece(asked: Asked) -> Piece:
    """Raises Refused: badArgument, badResumptionToken, cannotDisseminateFormat, noRecordsMatch."""
    if asked["resumptionToken"]:
        return _next(asked.verb, asked["resumptionToken"])
    check_format(asked["metadataPrefix"])
    since, until = times(asked)
    theme = _theme(asked["set"])
    records.note_changes()
    found = records.rows(since, until, theme)
    size = found.count()
    if not size:
        raise Refused("noRecordsMatch", "There is no record of that time and set.")
    state = [asked.verb, _stamp(since), _stamp(until), theme]
    return _piece(found, state, 0, size)


def check_format(prefix: str) -> None:
    if prefix != PREFIX:
        raise Refused("cannotDisseminateFormat", f"There is {PREFIX} and nothing else.")


def _next(verb: str, token: str) -> Piece:
    try:
        *state, after, reference, cursor, size = signing.loads(token, salt=SALT, max_age=TOKEN_AGE)
    except signing.BadSignature:
        raise Refused("badResumptionToken", "The token is not ours, or is over.") from None
    of_verb, since, until, theme = state
    if of_verb != verb:
        raise Refused("badResumptionToken", "The token is of another verb.")
    found = records.rows(_time(since), _time(until), theme)
    later = Q(datestamp__gt=_time(after)) | Q(datestamp=_time(after), reference__gt=reference)
    piece = _piece(found.filter(later), state, cursor, size)
    if not piece.records:
        # All that was left has changed since, and is later than `until` now.
        raise Refused("badResumptionToken", "The rest of the list has changed: ask anew.")
    return piece


def _piece(found: QuerySet[Harvested], state: list, cursor: int, size: int) -> Piece:
    rows = list(found[: PAGE_SIZE + 1])
    shown, expires = rows[:PAGE_SIZE], timezone.now().replace(microsecond=0) + TOKEN_AGE
    token: str | None = "" if cursor else None
    if len(rows) > PAGE_SIZE:
        last = shown[-1]
        state = [*state, _stamp(last.datestamp), last.reference, cursor + len(shown), size]
        token = signing.dumps(state, salt=SALT, compress=True)
    return Piece(records.records(shown), token, cursor, size, expires)


def _theme(spec: str) -> str:
    if not spec:
        return ""
    slugs = {known: slug for slug, known in records.set_specs().items()}
    if spec not in slugs:
        raise Refused("noRecordsMatch", "There is no such set.")
    return slugs[spec]


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _time(stamp: int) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp else None
