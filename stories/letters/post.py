"""Put a letter into the outbox. It is written and sent later, from what is true then."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from stories.contributions.models import Contribution
from stories.letters.models import Letter


def post(story: Contribution, kind: str, about: str = "") -> Letter | None:
    """One letter for one occasion: the same kind and `about` again is the same letter.

    None where the contributor left no address. Call it in the transaction that decides.
    """
    if not story.email_hash:
        return None
    letter, new = Letter.objects.get_or_create(contribution=story, kind=kind, about=about)
    if new:
        from stories.letters.sending import send_letters

        transaction.on_commit(partial(send_letters.enqueue))
    return letter
