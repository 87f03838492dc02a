"""A new private link for whoever has lost theirs, to the address that they left, and only there."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from stories.contributions.models import Contribution
from stories.letters.models import Letter
from stories.letters.post import post

LINKS_A_DAY = 3


@task(queue_name="light")
def send_new_links(email_hash: str) -> int:
    """One letter for each contribution of this address (`hash_email()`); return how many.

    In the background, so that who asks can't tell from the time it takes whether we know the
    address. The address itself is in no task row: only its keyed hash.
    """
    if not email_hash:
        return 0
    known = Contribution.objects.filter(email_hash=email_hash)
    return sum(_post_link(contribution) for contribution in known)


def _post_link(contribution: Contribution) -> bool:
    """False when there were enough today: somebody may be asking in another's name."""
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        Contribution.objects.select_for_update().get(pk=contribution.pk)
        letters = contribution.letters.filter(kind=Letter.Kind.LINK)
        count = letters.filter(about__startswith=today).count()
        if count >= LINKS_A_DAY:
            return False
        return post(contribution, Letter.Kind.LINK, about=f"{today}:{count + 1}") is not None
