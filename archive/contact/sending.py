"""Taking a message in once, and sending it on: to the subject's inbox, and a copy to its writer."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_tasks import task

from archive.contact.models import Delivery, Enquiry, Subject, Words, sealed_words
from stories.contributions import keys
from stories.letters import outbox

# RFC 3834: machines that answer letters leave this one alone.
HEADERS = {"Auto-Submitted": "auto-generated"}


def take_in(form: uuid.UUID, subject: Subject, words: Words, copy: bool) -> Enquiry:
    """Seal a message and put it into the outbox. The same one from the same form is taken once."""
    for number in (form, uuid.uuid4()):
        there = Enquiry.objects.filter(form=number).first()
        if there is None:
            try:
                return _new(number, subject, words, copy)
            except IntegrityError:  # pressed twice: the other request was quicker
                there = Enquiry.objects.get(form=number)
        if (there.subject, there.words) == (subject, words):
            return there
        # The page was gone back to, and something else written on it.
    raise RuntimeError("A random number was there already.")


def _new(form: uuid.UUID, subject: Subject, words: Words, copy: bool) -> Enquiry:
    key = uuid.uuid4()
    keys.create(key)
    try:
        with transaction.atomic():
            sealed = sealed_words(key, words)
            enquiry = Enquiry.objects.create(form=form, key=key, subject=subject, sealed=sealed)
            Delivery.objects.create(enquiry=enquiry, to=Delivery.To.INBOX)
            if copy and words.email:
                Delivery.objects.create(enquiry=enquiry, to=Delivery.To.WRITER)
            transaction.on_commit(send_enquiries.enqueue)
    except BaseException:
        keys.destroy(key)
        raise
    return enquiry


def deliveries() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("enquiry__subject")


def ring_enquiries() -> int:
    """Ring for messages that wait; how many do."""
    waiting = outbox.to_be_sent(Delivery.objects.all()).count()
    if waiting:
        send_enquiries.enqueue()
    return waiting


@task(queue_name="light")
def send_enquiries() -> int:
    """Send every message that is due; return how many were sent."""
    return outbox.send_all(deliveries(), write)


def write(delivery: Delivery) -> EmailMessage | None:
    """The e-mail. Its headers hold nothing that a visitor typed but a checked address to answer to.

    None where the message was destroyed meanwhile, or nobody reads its subject any more.
    """
    subject, words = delivery.enquiry.subject, delivery.enquiry.words
    to_inbox = delivery.to == Delivery.To.INBOX
    address = subject.inbox if to_inbox else words and words.email
    if not words or not address:
        return None
    facts = {"words": words, "subject": subject, "days": settings.ENQUIRY_DAYS}
    template = "contact/to_inbox.txt" if to_inbox else "contact/to_writer.txt"
    return EmailMessage(
        _one_line(
            _("From the contact page: %(label)s") % {"label": subject.label}
            if to_inbox
            else _("What you sent us")
        ),
        render_to_string(template, facts | {"site": settings.SITE_ADDRESS}).strip() + "\n",
        to=[address],
        reply_to=[words.email] if to_inbox and words.email else None,
        headers=None if to_inbox else HEADERS,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
