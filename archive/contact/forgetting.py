"""What goes of messages when their time is over (the table: archive/timed.py)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from archive.contact.models import Enquiry
from stories.publishing.one_by_one import one_by_one


def destroy_old(age: timedelta) -> int:
    """Messages that were sent so long ago; delivered or not, how many went."""
    old = Enquiry.objects.filter(sent_at__lt=timezone.now() - age)
    return one_by_one("contact messages", old, Enquiry.destroy)
