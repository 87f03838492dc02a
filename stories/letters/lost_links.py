"""A new private link for whoever has lost theirs, to the address that they left, and only there."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from stories.contributions.models import Contribution
from stories.letters.models import Letter, LinkRequest
from stories.letters.post import post

LINKS_A_DAY = 3


def ask_for_links(email_hash: str) -> None:
    """Write down that this address (`hash_email()`) asked, and ring; the same for every address."""
    LinkRequest.objects.create(email_hash=email_hash)
    send_new_links.enqueue()


def ring_link_requests() -> int:
    """Ring for those that wait; how many do."""
    waiting = LinkRequest.objects.count()
    if waiting:
        send_new_links.enqueue()
    return waiting


@task(queue_name="light")
def send_new_links() -> int:
    """One letter for each contribution of an address that asked; return how many.

    In the background, so that who asks can't tell from the time it takes whether we know the
    address.
    """
    return sum(_answer(request) for request in LinkRequest.objects.all())


def _answer(request: LinkRequest) -> int:
    with transaction.atomic():
        if not LinkRequest.objects.filter(pk=request.pk).delete()[0]:
            return 0  # another worker had it
        known = Contribution.objects.exclude(email_hash="").filter(email_hash=request.email_hash)
        return sum(_post_link(contribution) for contribution in known.order_by("pk"))


def _post_link(contribution: Contribution) -> bool:
    """False when there were enough today: somebody may be asking in another's name."""
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
        letters = contribution.letters.filter(kind=Letter.Kind.LINK)
        count = letters.filter(about__startswith=today).count()
        if count >= LINKS_A_DAY:
            return False
        return post(contribution, Letter.Kind.LINK, about=f"{today}:{count + 1}") is not None
