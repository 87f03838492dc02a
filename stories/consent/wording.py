"""The next version of a statement, and who stands behind which scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from stories.consent.choices import COVERS
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.record import By


@dataclass(frozen=True)
class Words:
    """What somebody reads: the question, what it means, and the same in Easy Read."""

    question: str
    text: str
    easy_read: str = ""

    @classmethod
    def of(cls, statement: Statement) -> Words:
        return cls(statement.question, statement.text, statement.easy_read)


class NothingChanged(ValueError):
    """The words are those of the version before."""


class WrittenMeanwhile(Exception):
    """Somebody else wrote the next version first; it is in `newest`."""

    def __init__(self, newest: Statement) -> None:
        super().__init__(str(newest))
        self.newest = newest


def write_next(base: Statement, words: Words, change: Statement.Change, by: By) -> Statement:
    """Write the version after `base`, in its language. A wider one has a scope of its own.

    Raises WrittenMeanwhile when `base` is no longer the newest, and NothingChanged.
    """
    with transaction.atomic():
        Purpose.objects.select_for_update(no_key=True).get(pk=base.purpose_id)
        newest = current_statement(base.purpose_id, base.language)
        if newest.version != base.version:
            raise WrittenMeanwhile(newest)
        if words == Words.of(base):
            raise NothingChanged
        return Statement.objects.create(
            purpose_id=base.purpose_id,
            version=base.version + 1,
            language=base.language,
            question=words.question,
            text=words.text,
            easy_read=words.easy_read,
            change=change,
            scope=_next_scope(base) if change == Statement.Change.WIDER else base.scope,
            written_by=by.actor,
        )


def _next_scope(base: Statement) -> int:
    """One more than any that a statement about the same thing has.

    A yes to one question may be written down for a purpose that has a question of its own too
    (COVERS). Counting them together keeps a number from meaning two different things.
    """
    one = base.purpose_id
    family = {one, *COVERS.get(one, ()), *(wide for wide, held in COVERS.items() if one in held)}
    together = Statement.objects.filter(purpose__in=family, language=base.language)
    return 1 + together.aggregate(Max("scope"))["scope__max"]


def may_widen(purpose: str) -> tuple[str, ...]:
    """The purposes that a statement of `purpose` speaks for: itself, and those it covers."""
    return (purpose, *COVERS.get(purpose, ()))
