"""What differs from how it was written: records, their statements, the end of the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stories import journal
from stories.consent import chain
from stories.consent.choices import COVERS
from stories.consent.events import ChainHead, ConsentEvent, EventState
from stories.consent.models import Statement

AT_ONCE = 500
YES = {EventState.GIVEN, EventState.RENEWED}
ONE_AND_MANY = {
    "missing": ("Record {} is missing.", "Records {} to {} are missing."),
    "unreadable": ("Record {} can't be read any more.", "Records {} to {} can't be read any more."),
    "altered": ("Record {} is not as it was written.", "Records {} to {} are not as written."),
    "again": (
        "Record {} was written again: the journal knows another one.",
        "Records {} to {} were written again: the journal knows other ones.",
    ),
    "words": (
        "Record {} names a statement that has other words now.",
        "Records {} to {} name statements that have other words now.",
    ),
    "gone": (
        "Record {} names a statement that is gone.",
        "Records {} to {} name statements that are gone.",
    ),
    "scope": (
        "Record {} says yes to a statement that asks for more or less now.",
        "Records {} to {} say yes to statements that ask for more or less now.",
    ),
    "unknown": (
        "The journal begins after record {}: an earlier part of it is gone.",
        "The journal begins after records {} to {}: an earlier part of it is gone.",
    ),
    "cut": (
        "The end is cut off: record {} is missing.",
        "The end is cut off: records {} to {} are missing.",
    ),
}


def differences() -> Iterator[str]:
    """Plain sentences, each naming what differs; none when all is as it was written."""
    # A record is committed first and its line written after. So the journal and the head are read
    # before the records: all that they name is in the table by then, and what is written while
    # this runs only comes on top.
    heads: dict[int, str] = {}
    try:
        chain.note_heads(heads, journal.read("consent", "restored"))
    except journal.JournalChanged as error:
        yield str(error)
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    found: dict[str, list[int]] = defaultdict(list)
    statements: dict[int, Statement | None] = {}
    before, last = "", 0
    for number, event in records():
        found["missing"] += range(last + 1, number)
        before = before if number == last + 1 else heads.get(number - 1, "")
        last = number
        if heads and number < min(heads):
            found["unknown"].append(number)
        if event is None:
            found["unreadable"].append(number)
            before = heads.get(number, "")
            continue
        before, wanted = event.mac, chain.mac_of(before, event)
        if event.mac != wanted:
            found["altered"].append(number)
            # The next record is measured by what the journal knows of this one.
            before = heads.get(number, event.mac)
        elif heads.get(number, event.mac) != event.mac:
            found["again"].append(number)
        elif problem := _statement_problem(event, statements):
            found[problem].append(number)
        if number == head.number and head.mac != event.mac:
            yield f"The head of the chain does not fit record {number}."
    found["cut"] += range(last + 1, max([*heads, head.number]) + 1)
    if last and not heads:
        yield "The journal knows none of the records. Is JOURNAL_PATH the right one?"
    for kind, numbers in found.items():
        for first, final in _runs(numbers):
            yield ONE_AND_MANY[kind][first != final].format(first, final)
    yield from _changed_statements()


def records() -> Iterator[tuple[int, ConsentEvent | None]]:
    """Every record with its number, in order; None for one whose values can't be read."""
    last = 0
    while numbers := list(
        ConsentEvent.objects.filter(number__gt=last)
        .order_by("number")
        .values_list("number", flat=True)[:AT_ONCE]
    ):
        numbers = [number for number in numbers if isinstance(number, int)]
        if not numbers:
            return  # SQLite keeps letters in a column of numbers too; the record is missing
        last = numbers[-1]
        try:
            some = ConsentEvent.objects.in_bulk(numbers, field_name="number")
        except Exception:  # what a database hands out for a broken date, code or list
            some = {number: event for number in numbers if (event := _one(number))}
        for number in numbers:
            yield number, some.get(number)


def _one(number: int) -> ConsentEvent | None:
    try:
        return ConsentEvent.objects.get(number=number)
    except Exception:
        return None


def _statement_problem(event: ConsentEvent, known: dict[int, Statement | None]) -> str:
    """Which sentence fits a record's statement; "" when it is the one that was read."""
    key = event.statement_id
    if key not in known:
        known[key] = Statement.objects.filter(pk=key).first()
    statement = known[key]
    if statement is None:
        return "gone"
    covers = (statement.purpose_id, *COVERS.get(statement.purpose_id, ()))
    if event.purpose_id not in covers or event.language != statement.language:
        return "words"
    if event.statement_sha256 != statement.sha256:
        return "words"
    if event.event_state in YES and event.allows != statement.scope:
        return "scope"
    return ""


def _changed_statements() -> Iterator[str]:
    """The words themselves, also of a statement that nobody has answered yet."""
    for statement in Statement.objects.iterator():
        if statement.sha256 != statement.fingerprint():
            yield f"The words of statement {statement} are not those of its SHA-256."


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    first = last = None
    for number in numbers:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last
