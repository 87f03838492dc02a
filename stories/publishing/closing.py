"""What has to be closed when a story is taken back, written down before anything is closed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from stories.consent.exits import BY_NAME
from stories.contributions.allowed import consents_for
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution
from stories.publishing.ledger import Closing, OutsideCopy
from stories.publishing.steps import STEPS, Step
from stories.publishing.things import kind_of

Kind, State = OutsideCopy.Kind, OutsideCopy.State
# Who keeps copies of what a purpose let out, and what they can be asked.
HOLDERS = {
    "external_search_engines": (
        (Kind.SEARCH_CACHE, "Google, Bing and others", State.TO_ASK),
        (Kind.WEB_ARCHIVE, "web archives", State.TO_ASK),
    ),
    "podcast_syndication": ((Kind.PODCAST, "podcast apps", State.OUT_OF_REACH),),
    "social_media": ((Kind.SHARED, "social media", State.OUT_OF_REACH),),
}


def list_what_to_close(story: Contribution, *, was_out: bool) -> None:
    """One row for each thing that the steps find, and one for each copy outside.

    Call it in the deciding transaction, while the consents in force can still be read.
    """
    for step in STEPS:
        _list(story, step, step.remnants(story))
    for export in story.exports.all():
        _outside(story, Kind.EXPORT, export.recipient, State.TO_ASK, since=export.made_at)
    for asked in story.asks.filter(state=Ask.State.YES):
        _outside(story, Kind.PARTNER, asked.recipient, State.TO_ASK)
    if was_out:
        consents = consents_for(story)
        _list_holders(story, consents.given)
        for partner in consents.recipients.get("partner_reuse", ()):
            _outside(story, Kind.PARTNER, partner, State.TO_ASK)


def outside_after_change(story: Contribution, closed_exits: frozenset[str]) -> None:
    """Copies outside that are no longer allowed, after some purpose was taken back.

    `closed_exits`: names of the exits that were open before. A partner or an extract can be taken
    back while others stay, so requests and exports are compared with what is allowed now. Call it
    in the deciding transaction, after the answer was recorded.
    """
    consents = consents_for(story)
    if story.published_at is not None:
        closed = {slug for name in closed_exits for slug in BY_NAME[name].purposes}
        _list_holders(story, closed - consents.given)
    for asked in story.asks.filter(state=Ask.State.YES):
        if asked.named not in consents.recipients.get(asked.purpose, ()):
            _outside(story, Kind.PARTNER, asked.recipient, State.TO_ASK)
    for export in story.exports.all():
        named = consents.recipients.get(export.purpose, ())
        wanted = export.purpose != "partner_reuse" or export.recipient in named
        if export.purpose not in consents.given or not wanted:
            _outside(story, Kind.EXPORT, export.recipient, State.TO_ASK, since=export.made_at)


def _list_holders(story: Contribution, purposes: frozenset[str] | set[str]) -> None:
    for purpose, holders in HOLDERS.items():
        for kind, holder, state in holders if purpose in purposes else ():
            _outside(story, kind, holder, state)


def _outside(
    story: Contribution, kind: str, holder: str, state: str, since: datetime | None = None
) -> None:
    """`since`: when the copy was made. What a holder said to be gone may be there again."""
    copy, new = OutsideCopy.objects.get_or_create(
        contribution=story, kind=kind, holder=holder, defaults={"state": state}
    )
    again = since is None or since > copy.changed_at
    if not new and again and copy.state == State.GONE:
        copy.state = state
        copy.save()


def _list(story: Contribution, step: Step, things: list[str]) -> None:
    for thing in things:
        Closing.objects.get_or_create(contribution=story, step=step.name, thing=thing)


def tick_off(story: Contribution, step: Step, problem: str) -> None:
    """After a step ran: what its remnants no longer name is gone, what they name anew is listed.

    A late worker can have made something after the list was written. What one step left, another
    may have closed, so the others' open rows are looked at too.
    """
    if step.wanted(story):
        return  # kept for now, so nothing was tried
    left = step.remnants(story)
    _list(story, step, left)
    rows = _open_rows(story, step)
    rows.update(attempts=F("attempts") + 1, problem=problem)
    rows.filter(thing__in=left).update(
        state=Closing.State.FAILED if problem else Closing.State.OPEN
    )
    _done(rows.exclude(thing__in=left))
    for other in STEPS:
        if other.name != step.name and _open_rows(story, other).exists():
            _done(_open_rows(story, other).exclude(thing__in=other.remnants(story)))


def _done(rows: QuerySet[Closing]) -> None:
    rows.update(state=Closing.State.DONE, done_at=timezone.now(), problem="")


def _open_rows(story: Contribution, step: Step) -> QuerySet[Closing]:
    rows = Closing.objects.filter(contribution=story, step=step.name)
    return rows.exclude(state=Closing.State.DONE)


def summary(story: Contribution) -> list[tuple[str, int]]:
    """What was destroyed, in plain words, and how many of each."""
    counts: Counter[str] = Counter()
    for closing in Closing.objects.filter(contribution=story, state=Closing.State.DONE):
        number = closing.thing.rpartition(": ")[2]
        counts[kind_of(closing)] += int(number) if number.isdecimal() else 1
    return list(counts.items())


def outside(story: Contribution) -> QuerySet[OutsideCopy]:
    """Copies that others may hold, as far as we know; each says its holder and its state."""
    return OutsideCopy.objects.filter(contribution=story)
