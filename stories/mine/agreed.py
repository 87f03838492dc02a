"""How each thing that may be agreed stands for one story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from stories.consent.choices import CHOICES, COVERS, label_of
from stories.consent.events import ConsentEvent, EventState
from stories.consent.exits import PUBLISHING
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import latest_events
from stories.consent.record import newest
from stories.contributions.models import Contribution
from stories.publishing.answer import fits
from stories.publishing.ask import EACH_TIME

ENDS_SOON = timedelta(days=90)
LANGUAGE = "en-GB"  # of these pages
FOUND = frozenset({"site_search", "external_search_engines", "podcast_syndication"})


@dataclass(frozen=True)
class Standing:
    """One purpose: the newest `event` (None: never asked) and the `current` words of it."""

    purpose: Purpose
    event: ConsentEvent | None
    current: Statement

    @property
    def slug(self) -> str:
        return self.purpose.slug

    @property
    def number(self) -> int:
        """Of the newest event, 0 for none: tells whether a page that is open is out of date."""
        return self.event.number if self.event else 0

    @property
    def is_choice(self) -> bool:
        return self.slug in CHOICES

    @property
    def has_run_out(self) -> bool:
        if self.event is None:
            return False
        if self.event.event_state == EventState.EXPIRED:
            return True
        ends = self.event.expires_at
        return self.event.allows > 0 and ends is not None and ends <= timezone.now()

    @property
    def held(self) -> int:
        """The scope that is allowed now; 0 for nothing."""
        return self.event.allows if self.event and not self.has_run_out else 0

    @property
    def is_wider(self) -> bool:
        """Less was allowed than is asked by now."""
        return 0 < self.held < self.current.scope

    @property
    def is_asked(self) -> bool:
        """Staff asked for more, and it is not answered yet."""
        return (
            self.is_wider
            and self.event is not None
            and self.event.event_state == EventState.REQUESTED
        )

    @property
    def until(self) -> datetime | None:
        return self.event.expires_at if self.event and self.held else None

    @property
    def ends_soon(self) -> bool:
        return self.until is not None and self.until < timezone.now() + ENDS_SOON

    @property
    def if_given_now(self) -> datetime:
        """Until when a yes of this moment would last."""
        return timezone.now() + timedelta(days=self.purpose.validity_days)

    @property
    def agreed_words(self) -> Statement:
        """What was said yes to; taking that back must not be heard as a no to more than that.

        Only for what is held.
        """
        if self.event and self.event.statement.scope <= self.held:
            return self.event.statement
        narrower = Statement.objects.filter(
            purpose=self.purpose, language=self.current.language, scope__lte=self.held
        )
        return narrower.latest("version")

    @property
    def words(self) -> Statement:
        """The statement to put on the page: what was agreed, or what is asked."""
        if self.held and not self.is_wider and not self.ends_soon and not self.is_choice:
            return self.agreed_words
        return self.current

    @property
    def choice(self) -> str:
        return self.event.choice if self.event else ""

    @property
    def said(self) -> str:
        """The answer in words, its end included."""
        if self.has_run_out and self.event and self.event.expires_at:
            return _("No: your yes ran out on %(day)s") % {"day": day(self.event.expires_at)}
        if self.has_run_out:
            return _("No: your yes has run out")
        if self.choice:
            label = label_of(self.choice)
            return (
                _("%(label)s, until %(day)s") % {"label": label, "day": day(self.until)}
                if self.until
                else label
            )
        if self.until:
            return _("Yes, until %(day)s") % {"day": day(self.until)}
        if self.event is None or self.event.event_state == EventState.REQUESTED:
            return _("Not answered yet, so no")
        return (
            _("Not sure yet, so no") if self.event.event_state == EventState.DEFERRED else _("No")
        )


def day(moment: datetime) -> str:
    """3 November 2031, on a calendar here."""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y}"


def standings(story: Contribution) -> list[Standing]:
    """All that fits this story's format, in order. What is asked each time anew is not among it."""
    events = {event.purpose_id: event for event in latest_events(story.contributor_key)}
    newest_words = Statement.objects.filter(language=LANGUAGE).order_by("version")
    words = {statement.purpose_id: statement for statement in newest_words}
    return [
        Standing(purpose, events.get(purpose.slug), words[purpose.slug])
        for purpose in asked_of(story)
        if purpose.slug in words
    ]


def asked_of(story: Contribution) -> list[Purpose]:
    """Purposes that fit, without those that another one covers."""
    fitting = [purpose for purpose in Purpose.objects.all() if fits(purpose, story)]
    covered = {slug for purpose in fitting for slug in COVERS.get(purpose.slug, ())}
    return [row for row in fitting if row.slug not in covered | set(EACH_TIME)]


def standing_of(story: Contribution, purpose: Purpose) -> Standing:
    event = newest(story.contributor_key, purpose.slug)
    return Standing(purpose, event, current_statement(purpose.slug, LANGUAGE))


def covering(story: Contribution, slug: str) -> str:
    """The purpose whose question covers this one for such a story; "" for none."""
    fitting = {purpose.slug for purpose in asked_of(story)}
    return next((wide for wide, narrow in COVERS.items() if slug in narrow and wide in fitting), "")


@dataclass(frozen=True)
class Group:
    heading: str
    rows: list[Standing]


def grouped(rows: list[Standing]) -> list[Group]:
    """The list on the contributor's page: what was asked, in three parts."""
    seen, found, later = [], [], []
    for row in rows:
        if row.slug in PUBLISHING or row.purpose.asked in {"choice", "upload"}:
            seen.append(row)
        elif row.slug in FOUND:
            found.append(row)
        elif row not in not_asked(rows):
            later.append(row)
    parts = [
        (_("What people can see and hear"), seen),
        (_("Where it can be found"), found),
        (_("Later questions"), later),
    ]
    return [Group(heading, part) for heading, part in parts if part]


def not_asked(rows: list[Standing]) -> list[Standing]:
    """Later questions that nobody has put to the contributor yet."""
    return [row for row in rows if row.event is None and row.purpose.asked == "later"]
