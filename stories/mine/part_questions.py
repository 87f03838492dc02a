"""What somebody else in a recording is asked: what its contributor allows, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stories.consent.choices import CHOICES, COVERS, offered, said_by
from stories.consent.events import Receipt
from stories.consent.exits import OWN, PUBLISHING
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import Answer, newest
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.mine.agreed import Standing
from stories.mine.two_tabs import ANSWERS, CHOOSE, MISSING, NEW_WORDS, Refused, changed
from stories.publishing import others
from stories.publishing.answer import fits
from stories.publishing.ask import EACH_TIME

YES_OR_NO = [("yes", _("Yes")), ("no", _("No")), ("later", _("Not sure yet"))]
WIDER = [
    ("yes", _("Yes")),
    ("no", _("No, leave it at what I said before")),
    ("take_back", _("No, and take back what I said before")),
]


@dataclass(frozen=True)
class Question:
    """One question to one person. `ask`: the partner or the extract that it is about, if any."""

    person: Participant
    standing: Standing
    ask: Ask | None = None

    @property
    def statement(self) -> Statement:
        return self.standing.current

    @property
    def url(self) -> str:
        if self.ask:
            return reverse("my_part_ask", args=[self.ask.key])
        return reverse("my_part_purpose", args=[self.standing.slug])

    @property
    def is_publishing(self) -> bool:
        return self.standing.slug in PUBLISHING

    @property
    def options(self) -> list[tuple[str, str]]:
        if self.standing.is_choice:
            return offered(self.standing.slug, self.standing.choice)
        options = WIDER if self.standing.is_wider and not self.ask else YES_OR_NO
        return [(value, gettext(label)) for value, label in options]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The partners and extracts that they allow, of this purpose."""
        held = consents_of(self.person.key).recipients
        return held.get(self.standing.slug, ())

    @property
    def said(self) -> str:
        """How it stands, in words."""
        if self.ask is None:
            return self.standing.said
        return (
            gettext("Yes") if self.ask.named in self.allowed else gettext("No, or not answered yet")
        )

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        if self.ask:
            return self.ask.named not in self.allowed
        standing = self.standing
        return standing.event is None or standing.has_run_out or standing.is_wider


def questions_for(person: Participant) -> list[Question]:
    """In the order in which to ask: to be seen and heard at all first, then how, then where."""
    story = person.contribution
    given = consents_of(story.contributor_key)
    fitting = [
        purpose
        for purpose in Purpose.objects.filter(slug__in=given.given - OWN)
        if fits(purpose, story)
    ]
    covered = {slug for purpose in fitting for slug in COVERS.get(purpose.slug, ())}
    found = []
    for purpose in sorted(fitting, key=_order):
        if purpose.slug in covered:
            continue
        event = newest(person.key, purpose.slug)
        standing = Standing(purpose, event, current_statement(purpose.slug))
        if purpose.slug not in EACH_TIME:
            found.append(Question(person, standing))
            continue
        asks = story.asks.filter(purpose=purpose.slug, state=Ask.State.YES)
        named = given.recipients.get(purpose.slug, ())
        found += [Question(person, standing, ask) for ask in asks if ask.named in named]
    return found


def _order(purpose: Purpose) -> tuple[bool, bool, int]:
    return (purpose.slug not in PUBLISHING, purpose.slug not in CHOICES, purpose.order)


def take(question: Question, posted: Mapping[str, str]) -> Receipt | None:
    """Record what was posted; None where it stands like that already.

    Raises Refused with a sentence, NotPossible when it is no longer asked.
    """
    with transaction.atomic():
        # Locked and read again, so that what is compared here is what the answer meets.
        story = Contribution.objects.select_for_update(no_key=True).get(
            pk=question.person.contribution_id
        )
        person = story.participants.get(pk=question.person.pk)
        found = [now for now in questions_for(person) if now.url == question.url]
        if not found:
            raise NotPossible("no longer asked")
        given = _ask_answer(found[0], posted) if question.ask else _answer(found[0], posted)
        return others.say(person, given) if given else None


def _answer(question: Question, posted: Mapping[str, str]) -> Answer | None:
    standing, said = question.standing, posted.get("answer", "")
    if said not in dict(question.options):
        raise Refused(str(CHOOSE if standing.is_choice else MISSING), 422)
    if said == "take_back":
        return Answer(standing.agreed_words, "no")
    choice = said if standing.is_choice else ""
    said = said_by(standing.slug, choice) if choice else said
    if said == "yes":
        if standing.held and not standing.is_wider and not standing.ends_soon:
            return None
        _check_fresh(question, posted)
        return Answer(standing.current, "yes", choice)
    if standing.held and (choice or not standing.is_wider):
        return Answer(standing.agreed_words, said, choice)
    event = standing.event
    same = event and (event.event_state, event.choice) == (ANSWERS[said], choice)
    return None if same else Answer(standing.current, said, choice)


def _ask_answer(question: Question, posted: Mapping[str, str]) -> Answer | None:
    """A yes or no to one partner or extract, which leaves the answers about others as they are."""
    ask, said = question.ask, posted.get("answer", "")
    if said not in ANSWERS or ask is None:
        raise Refused(str(MISSING), 422)
    rest = [name for name in question.allowed if name != ask.named]
    if said == "yes":
        if not question.is_open:
            return None
        _check_fresh(question, posted)
        return Answer(question.statement, "yes", recipients=[*rest, ask.named])
    return Answer(question.statement, said, recipients=rest, keeps=bool(rest))


def _check_fresh(question: Question, posted: Mapping[str, str]) -> None:
    """A yes counts only for the words and the answers that were on the screen. Raises Refused."""
    if posted.get("seen") != str(question.standing.number):
        raise Refused(changed(question.said), 409)
    if posted.get("statement") != str(question.statement.pk):
        raise Refused(str(NEW_WORDS), 409)
