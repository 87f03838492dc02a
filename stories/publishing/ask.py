"""Ask: one partner, or one extract in one place; and what the contributor answers."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from stories.consent.events import Receipt
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import CONTRIBUTOR, Answer, By, newest, request
from stories.contributions.allowed import exits_of
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import NothingFrozen, version_of
from stories.letters.post import post
from stories.pages.show import paragraphs_to_show
from stories.publishing.answer import answer

EACH_TIME = ("partner_reuse", "quoted_extracts")
# Quotation marks, dashes and the hard space, to what any keyboard has: a mark for a mark.
SAME = {0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "}


class NotInTheStory(ValueError):
    """The words of an extract do not stand in what is public of the story."""


class AskedAlready(NotPossible):
    """The same is asked and not answered yet, or was agreed to."""


def ask(
    story: Contribution, purpose: str, recipient: str, use: str, *, words: str = "", by: By
) -> Ask:
    """Put a question on the contributor's page; `words` are the extract, where one is quoted.

    Raises NotInTheStory, AskedAlready, and NotPossible when nobody is to be asked.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if purpose not in EACH_TIME or story.is_taken_back:
            raise NotPossible("nothing can be asked")
        words = extract(story, words) if purpose == "quoted_extracts" else ""
        if any(asked.recipient.casefold() == recipient.casefold() for asked in _open(story, words)):
            raise AskedAlready
        asked = Ask.objects.create(
            contribution=story, purpose=purpose, recipient=recipient, use=use, words=words
        )
        request(story.contributor_key, current_statement(purpose), by)
        post(story, "asked", about=str(asked.key))
    return asked


def _open(story: Contribution, words: str) -> list[Ask]:
    """Requests for the same words, or for partners, that stand open or were agreed to."""
    standing = [asked for asked in story.asks.filter(words=words) if asked.state == Ask.State.OPEN]
    return standing + [asked for asked in agreed(story) if asked.words == words]


def agreed(story: Contribution) -> list[Ask]:
    """The requests that are allowed now: the record is asked, not the row."""
    allowed = consents_of(story.contributor_key).recipients
    return [
        asked
        for asked in story.asks.filter(state=Ask.State.YES)
        if asked.named in allowed.get(asked.purpose, ())
    ]


def answer_ask(asked: Ask, said: str, statement: Statement, *, by: By = CONTRIBUTOR) -> Receipt:
    """`said` is "yes", "no" or "later". A yes is for this recipient or extract only.

    A no to something that was allowed takes that back and nothing else.
    Raises NotPossible when the story was taken back.
    """
    with transaction.atomic():
        # Locked before the record is read: two answers in two tabs keep each other.
        story = Contribution.objects.select_for_update(no_key=True).get(pk=asked.contribution_id)
        if story.is_taken_back:
            raise NotPossible("it was taken back")
        others = [
            name
            for name in consents_of(story.contributor_key).recipients.get(asked.purpose, ())
            if name != asked.named or _also_asked(asked)
        ]
        if said == "yes":
            recipients = [*(name for name in others if name != asked.named), asked.named]
            said_all = Answer(statement, "yes", recipients=recipients)
        elif others:
            said_all = Answer(statement, said, recipients=others, keeps=True)
        else:
            said_all = Answer(statement_to_end(story, statement), said)
        receipt = answer(story, said_all, by=by)
        state = {"yes": Ask.State.YES, "no": Ask.State.NO}.get(said, Ask.State.OPEN)
        Ask.objects.filter(pk=asked.pk).update(state=state, answered_at=timezone.now())
    return receipt


def _also_asked(asked: Ask) -> bool:
    """Whether another request names the same, and was agreed to."""
    others = asked.contribution.asks.filter(state=Ask.State.YES, purpose=asked.purpose)
    return any(other.named == asked.named for other in others.exclude(pk=asked.pk))


def statement_to_end(story: Contribution, statement: Statement) -> Statement:
    """The wording that was agreed to. A no to a wider one would leave the old yes standing."""
    held = newest(story.contributor_key, statement.purpose_id)
    if held is None or not 0 < held.allows < statement.scope:
        return statement
    same = Statement.objects.filter(
        purpose=statement.purpose_id, language=statement.language, scope=held.allows
    )
    return same.order_by("-version").first() or statement


def extract(story: Contribution, typed: str) -> str:
    """The words as they stand in the story, for words as somebody typed them.

    Lines, gaps and kinds of quotation mark may differ. Raises NotInTheStory.
    """
    sought = " ".join(typed.translate(SAME).split())
    pattern = re.compile(rf"(?<!\w){re.escape(sought)}(?!\w)", re.IGNORECASE)
    for text in public_texts(story) if sought else ():
        if found := pattern.search(text.translate(SAME)):
            return text[found.start() : found.end()]
    raise NotInTheStory


def public_texts(story: Contribution) -> list[str]:
    """What can be read of a story now, gaps of one space: title, summary, words, transcript."""
    exits = exits_of(story)
    if "page" not in exits:
        return []
    try:
        version = version_of(story)
    except NothingFrozen:
        return []
    texts = [version.title, version.summary, " ".join(paragraphs_to_show(version, exits))]
    if "transcript" in exits:
        texts += [" ".join(cue.text for cue in agreed_cues(version))]
    return [" ".join(text.split()) for text in texts]
