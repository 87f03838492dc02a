"""What can be asked on a contributor's behalf: the words to read out, and the possible answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stories.consent.choices import CHOICES, COVERS, offered, said_by
from stories.consent.events import ConsentEvent
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import latest_events
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.moderation.said import Said, what_was_said
from stories.publishing.answer import fits
from stories.publishing.ask import EACH_TIME, statement_to_end
from stories.publishing.rename import NAME

FIRST = [("yes", _("Yes")), ("no", _("No")), ("later", _("Not sure yet"))]
AGAIN = [("yes", _("Yes, and its time starts anew")), ("back", _("Take it back"))]
MORE = [
    ("yes", _("Yes, to all of this")),
    ("no", _("No: it stays as it was")),
    ("later", _("Not sure yet: it stays as it was")),
    ("back", _("Take all of it back")),
]


def _in_words(options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, gettext(label)) for value, label in options]


@dataclass(frozen=True)
class Question:
    """One purpose of one story. `said`: the answer in force, None when it was never asked."""

    story: Contribution
    purpose: Purpose
    event: ConsentEvent | None
    said: Said | None

    @property
    def statement(self) -> Statement:
        return current_statement(self.purpose.slug)

    @property
    def number(self) -> int:
        """Of the newest record: tells whether somebody has answered since the page was opened."""
        return self.event.number if self.event else 0

    @property
    def held(self) -> int:
        """The scope that is allowed now, 0 for nothing."""
        if self.event is None:
            return 0
        ends = self.event.expires_at
        return 0 if ends and ends <= timezone.now() else self.event.allows

    @property
    def options(self) -> list[tuple[str, str]]:
        if self.purpose.slug in CHOICES:
            return offered(self.purpose.slug, self.event.choice if self.event else "")
        if not self.held:
            return _in_words(FIRST)
        return _in_words(AGAIN if self.held >= self.statement.scope else MORE)

    def answer(self, option: str) -> Answer:
        """Raises KeyError for an option that is none of `options`."""
        if option not in dict(self.options):
            raise KeyError(option)
        slug = self.purpose.slug
        if slug in CHOICES:
            return Answer(self.statement, said_by(slug, option), option)
        if option == "back":
            return Answer(statement_to_end(self.story, self.statement), "no")
        return Answer(self.statement, option)


def questions_for(story: Contribution) -> list[Question]:
    """All that fits the story. The name has a form of its own; partners are asked one by one."""
    events = {event.purpose_id: event for event in latest_events(story.contributor_key)}
    said = {line.slug: line for line in what_was_said(story)}
    worded = Purpose.objects.exclude(statements=None)
    fitting = [purpose for purpose in worded if fits(purpose, story)]
    covered = {slug for purpose in fitting for slug in COVERS.get(purpose.slug, ())}
    return [
        Question(story, purpose, events.get(purpose.slug), said.get(purpose.slug))
        for purpose in fitting
        if purpose.slug not in covered | {*EACH_TIME, NAME}
    ]
