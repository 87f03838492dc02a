"""Ask: one partner, or one extract in one place; and what the contributor answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from stories.consent.events import Receipt
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import CONTRIBUTOR, Answer, By, request
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.letters.post import post
from stories.publishing.answer import answer

EACH_TIME = ("partner_reuse", "quoted_extracts")


def ask(
    story: Contribution, purpose: str, recipient: str, use: str, *, words: str = "", by: By
) -> Ask:
    """Put a question on the contributor's page. Raises NotPossible when nobody is to be asked."""
    if purpose not in EACH_TIME or story.is_taken_back:
        raise NotPossible("nothing can be asked")
    with transaction.atomic():
        asked = Ask.objects.create(
            contribution=story, purpose=purpose, recipient=recipient, use=use, words=words
        )
        request(story.contributor_key, current_statement(purpose), by)
        post(story, "asked", about=str(asked.key))
    return asked


def answer_ask(asked: Ask, said: str, statement: Statement, *, by: By = CONTRIBUTOR) -> Receipt:
    """`said` is "yes", "no" or "later". A yes is for this recipient or extract only.

    A no to something that was allowed takes that back and nothing else.
    Raises NotPossible when the story was taken back.
    """
    story = asked.contribution
    with transaction.atomic():
        allowed = consents_of(story.contributor_key).recipients.get(asked.purpose, ())
        others = [name for name in allowed if name != asked.named]
        if said == "yes":
            said_all = Answer(statement, "yes", recipients=[*others, asked.named])
        else:
            said_all = Answer(statement, said, recipients=others, keeps=bool(others))
        receipt = answer(story, said_all, by=by)
        state = {"yes": Ask.State.YES, "no": Ask.State.NO}.get(said, Ask.State.OPEN)
        Ask.objects.filter(pk=asked.pk).update(state=state, answered_at=timezone.now())
    return receipt
