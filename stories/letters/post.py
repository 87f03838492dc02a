"""Put a letter into the outbox. It is written and sent later, from what is true then."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.letters.models import Letter


def post(story: Contribution, kind: str, about: str = "") -> Letter | None:
    """One letter for one occasion: the same kind and `about` again is the same letter.

    None where the contributor left no address, and for a follow-up that they did not allow.
    Every other kind is a service message: about their own story, sent without asking. Call it in
    the transaction that decides.
    """
    if not story.email_hash:
        return None
    if kind == Letter.Kind.FOLLOWUP and "followup" not in exits_of(story):
        return None
    letter, new = Letter.objects.get_or_create(contribution=story, kind=kind, about=about)
    if new:
        from stories.letters.sending import send_letters

        transaction.on_commit(partial(send_letters.enqueue))
    return letter
