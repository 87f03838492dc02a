"""Addresses outside that our pages lead to, and whether they still work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.directory.models import Service
from archive.pages.library.models import ResourcePage

EVERY = timedelta(days=7)
AGAIN = timedelta(days=1)
# One bad night is no news: so many days in a row make it broken.
BROKEN_AFTER = 3


class OutsideLink(models.Model):
    """One address, looked at now and then. Nothing of a visitor: nobody's clicks are counted."""

    class State(models.TextChoices):
        NEW = "new", _("not looked at yet")
        WORKS = "works", _("works")
        MOVED = "moved", _("has moved")
        SHUT = "shut", _("does not let machines look: a person has to")
        FAILS = "fails", _("did not answer last time")
        BROKEN = "broken", _("broken")

    address = models.URLField(max_length=300, unique=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.NEW)
    said = models.CharField(max_length=400, blank=True, help_text=_("What was found, in words."))
    failures = models.PositiveIntegerField(default=0, help_text=_("In a row."))
    looked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    # Names of what leads there, where a report has looked them up.
    places: Sequence[str] = ()

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    def claim(self) -> bool:
        """Whether this look is ours: two workers never look at one address at a time."""
        mine = OutsideLink.objects.filter(
            pk=self.pk, due_at=self.due_at, due_at__lte=timezone.now()
        )
        return bool(mine.update(due_at=timezone.now() + AGAIN))

    def note(self, state: str, said: str) -> None:
        """Write down what a look found; FAILS becomes BROKEN when it goes on."""
        failed = state == self.State.FAILS
        self.failures = self.failures + 1 if failed else 0
        if failed and self.failures >= BROKEN_AFTER:
            state = self.State.BROKEN
        self.state, self.said = state, said[:400]
        self.looked_at = timezone.now()
        self.due_at = self.looked_at + (AGAIN if failed else EVERY)
        self.save()


def shown_where() -> dict[str, set[str]]:
    """{address outside: names of the services and the resources that lead to it}."""
    found: dict[str, set[str]] = {}
    for name, *addresses in Service.objects.values_list("name", "web", "bsl_address"):
        for address in addresses:
            found.setdefault(address, set()).add(name)
    for title, address in ResourcePage.objects.live().values_list("title", "link"):
        found.setdefault(address, set()).add(title)
    found.pop("", None)
    return found


def gather() -> None:
    """A row for each address that is shown, and none for those that no longer are."""
    shown = set(shown_where())
    OutsideLink.objects.exclude(address__in=shown).delete()
    known = set(OutsideLink.objects.values_list("address", flat=True))
    OutsideLink.objects.bulk_create(
        [OutsideLink(address=address) for address in sorted(shown - known)], ignore_conflicts=True
    )


def due() -> models.QuerySet[OutsideLink]:
    return OutsideLink.objects.filter(due_at__lte=timezone.now()).order_by("due_at")


def to_mend() -> models.QuerySet[OutsideLink]:
    """What staff should look at, the worst first."""
    state = OutsideLink.State
    wrong = OutsideLink.objects.filter(state__in=[state.BROKEN, state.MOVED, state.SHUT])
    return wrong.order_by(F("failures").desc(), "address")
