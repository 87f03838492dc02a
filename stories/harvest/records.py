"""What may be harvested at this moment, and what went since it was harvested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from stories.consent.vocabulary import Term
from stories.harvest.dublin_core import dublin_core, fingerprint
from stories.pages.bulk import prepared
from stories.pages.harvested import Harvested
from stories.pages.models import StoryPage

EXIT = "outside_search"
Elements = list[tuple[str, str]]


@dataclass(frozen=True)
class Record:
    """`elements` of Dublin Core; None for one that went, which is in no set any more."""

    reference: str
    datestamp: datetime
    elements: Elements | None
    sets: list[str]


def note_changes(references: list[str] | None = None) -> None:
    """Bring the rows of all, or of these, up to date with what may be harvested now.

    The time is that of noticing it: everybody who harvested before asks from an earlier one.

    Of all, at the beginning of a list, it reads every open story (without its words): no column
    says what has changed, for what is told of one hangs on consents that end by themselves, and on
    labels and rights that editors change. The pieces that follow read their own stories alone.
    """
    now = timezone.now().replace(microsecond=0)
    prints = {story.reference: fingerprint(dublin_core(story)) for story in _open(references)}
    rows = Harvested.objects.all()
    if references is not None:
        rows = rows.filter(reference__in=references)
    known = {row.reference: row for row in rows}
    new = [
        Harvested(reference=reference, datestamp=now, fingerprint=prints[reference])
        for reference in prints
        if reference not in known
    ]
    changed = [row for row in known.values() if row.fingerprint != prints.get(row.reference, "")]
    for row in changed:
        row.fingerprint, row.datestamp = prints.get(row.reference, ""), now
    # Somebody may be noticing the same at the same time.
    Harvested.objects.bulk_create(new, ignore_conflicts=True)
    Harvested.objects.bulk_update(changed, ["fingerprint", "datestamp"], batch_size=200)


def rows(since: datetime | None, until: datetime | None, theme: str) -> QuerySet[Harvested]:
    """Rows between two times, both included, in the order of change.

    A theme leaves out what has another one now. It keeps everything that went: to remember what a
    story was about that was taken back would be to keep something of it.
    """
    found = Harvested.objects.all()
    if since:
        found = found.filter(datestamp__gte=since)
    if until:
        found = found.filter(datestamp__lte=until)
    if theme:
        of_theme = StoryPage.objects.public().with_exit(EXIT).with_theme(theme)
        in_set = of_theme.order_by().values("contribution__reference")
        found = found.filter(Q(fingerprint="") | Q(reference__in=in_set))
    return found


def records(found: Iterable[Harvested]) -> list[Record]:
    """What these rows stand for at this moment, whatever was decided since they were read."""
    listed, specs = list(found), set_specs()
    stories = {story.reference: story for story in _open([row.reference for row in listed])}
    made = []
    for row in listed:
        story = stories.get(row.reference)
        made.append(
            Record(
                row.reference,
                row.datestamp,
                dublin_core(story) if story else None,
                [specs[term.slug] for term in story.themes] if story else [],
            )
        )
    return made


def themes() -> list[Term]:
    """The sets: every theme of the vocabulary, whether or not a story has it."""
    return list(Term.objects.filter(scheme=Term.Scheme.THEME).select_related("parent"))


def set_specs() -> dict[str, str]:
    """{a theme's slug: its setSpec}. A narrow theme's begins with that of the wide one above it."""
    return {
        term.slug: f"{term.parent.slug}:{term.slug}" if term.parent else term.slug
        for term in themes()
    }


def _open(references: list[str] | None = None) -> list[StoryPage]:
    found = StoryPage.objects.public().with_exit(EXIT)
    if references is not None:
        found = found.filter(contribution__reference__in=references)
    found = found.defer("version__words", "version__picture_in_words", "contribution__sealed")
    # Asked again of each: between the two questions somebody may have decided.
    return [story for story in prepared(found) if {"page", EXIT} <= story.exits]
