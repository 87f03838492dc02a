"""What the pages about statements show: words in force, who wrote them, whose yes stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.consent.events import ConsentEvent, EventState
from stories.consent.models import Purpose, Statement
from stories.consent.reading import running


@dataclass(frozen=True)
class Standing:
    """How many people's yes stands now, by scope, and how many were asked for more."""

    by_scope: list[tuple[int, int]] = field(default_factory=list)
    asked: int = 0

    @property
    def in_all(self) -> int:
        return sum(people for _, people in self.by_scope)


def standing() -> dict[str, Standing]:
    """{purpose: Standing} of every purpose that somebody allows or was asked for."""
    now = timezone.now()
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    counted = running().filter(in_time).order_by().values("purpose", "allows")
    scopes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in counted.annotate(people=Count("pk")).order_by("purpose", "allows"):
        scopes[row["purpose"]].append((row["allows"], row["people"]))
    later = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("pii_principal_id"),
        purpose=OuterRef("purpose"),
        number__gt=OuterRef("number"),
    )
    waiting = ConsentEvent.objects.filter(~Exists(later), event_state=EventState.REQUESTED)
    asked = dict(
        waiting.order_by()
        .values("purpose")
        .annotate(people=Count("pk"))
        .values_list("purpose", "people")
    )
    return {slug: Standing(scopes.get(slug, []), asked.get(slug, 0)) for slug in {*scopes, *asked}}


def standing_for(purpose: Purpose) -> Standing:
    return standing().get(purpose.slug, Standing())


@dataclass(frozen=True)
class Row:
    """One purpose in one language: the words in force and whose yes stands."""

    statement: Statement
    standing: Standing


def overview() -> list[Row]:
    """In the purposes' order; the newest version of each language."""
    stands = standing()
    newest: dict[tuple[str, str], Statement] = {}
    found = Statement.objects.select_related("purpose").order_by(
        "purpose__order", "purpose", "language", "version"
    )
    for statement in found:
        newest[statement.purpose_id, statement.language] = statement
    return [Row(one, stands.get(one.purpose_id, Standing())) for one in newest.values()]


@dataclass(frozen=True)
class Version:
    """One version, and who wrote it, by a name that staff know."""

    statement: Statement
    writer: str

    @classmethod
    def all_of(cls, purpose: Purpose) -> list[Version]:
        found = list(purpose.statements.order_by("language", "-version"))
        names = _names({one.written_by for one in found})
        return [cls(one, names.get(one.written_by, "")) for one in found]


def _names(written_by: set[str]) -> dict[str, str]:
    """{"staff:ID": name}; who has left is "somebody who has left"."""
    ids = {int(key) for who in written_by if (key := who.removeprefix("staff:")).isdigit()}
    staff = {user.pk: user for user in get_user_model().objects.filter(pk__in=ids)}
    return {
        f"staff:{key}": (user.get_full_name() or user.get_username())
        if (user := staff.get(key))
        else _("somebody who has left")
        for key in ids
    }
