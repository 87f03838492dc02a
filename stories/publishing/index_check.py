"""Every story that may be found, as search should hold it; and what search holds instead.

A story is named by its reference alone. Nothing but one batch is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import F

from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.versions import NothingFrozen
from stories.pages.models import StoryPage
from stories.publishing.documents import document_of

BATCH = 100
STRAY = "is in the index, and may not be found"


def everything(after: str = "") -> Iterator[tuple[search.Document, int]]:
    """Each story that may be found, with the decision that it comes from, by rising reference.

    after: only those after this reference.
    """
    listed = StoryPage.objects.listed().order_by("contribution__reference")
    while True:
        later = listed.filter(contribution__reference__gt=after)
        found = list(later.values_list("contribution__reference", flat=True)[:BATCH])
        if not found:
            return
        yield from _documents(found)
        after = found[-1]


def differences(engine: str = "") -> Iterator[tuple[str, search.Difference]]:
    """(reference, what is wrong) of each story that the index does not hold as it should.

    Stories that publishing is still at work on are left out. Raises search.SearchAway.
    """
    documents = everything()
    while batch := list(islice(documents, BATCH)):
        if suspected := search.differences(batch, engine):
            # Somebody may have decided between the two looks: what differs is looked at once more.
            again = list(_documents(_settled(suspected)))
            still = _listed(document.id for document, _ in again)
            found = search.differences([each for each in again if each[0].id in still], engine)
            yield from found.items()
    for reference in strays(engine):
        yield reference, search.Difference(STRAY)


def strays(engine: str = "") -> Iterator[str]:
    """References of stories that search has, and that may not be found."""
    keys = search.keys(engine)
    named: set[str] = set()  # a key may come twice, and strays are few
    while batch := list(islice(keys, BATCH)):
        suspected = set(batch) - _listed(batch) - named
        known = set(
            Contribution.objects.filter(reference__in=suspected).values_list("reference", flat=True)
        )
        found = (suspected - known) | set(_settled(known))
        named |= found
        yield from sorted(found)


def take_out(reference: str) -> None:
    """The words of a story that may not be found leave the index, as closing it would do."""
    story = Contribution.objects.filter(reference=reference).first()
    version = max(search.known_version(reference), story.epoch if story else 0)
    search.hide(reference, version)
    search.remove(reference, version)


def at_work() -> int:
    """How many stories publishing is still at work on."""
    return Contribution.objects.filter(page__isnull=False, reconciled_epoch__lt=F("epoch")).count()


def _documents(references: Iterable[str]) -> Iterator[tuple[search.Document, int]]:
    for story in Contribution.objects.filter(reference__in=references).order_by("reference"):
        try:
            yield document_of(story), story.epoch
        except NothingFrozen:
            continue  # destroyed a moment ago


def _settled(references: Iterable[str]) -> list[str]:
    """Those of which the last decision is carried out."""
    done = Contribution.objects.filter(
        reference__in=list(references), reconciled_epoch__gte=F("epoch")
    )
    return list(done.values_list("reference", flat=True))


def _listed(references: Iterable[str]) -> set[str]:
    listed = StoryPage.objects.listed().filter(contribution__reference__in=list(references))
    return set(listed.values_list("contribution__reference", flat=True))
