"""Messages from the contact page: whose inbox they are for, sealed, and gone after a while."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.contributions import keys
from stories.contributions.sealed import seal_text, unseal_text
from stories.letters.outbox import Outgoing


class SubjectQuerySet(models.QuerySet["Subject"]):
    def offered(self) -> SubjectQuerySet:
        """Those that have somebody who reads."""
        return self.exclude(inbox="")


class Subject(models.Model):
    """Something to get in touch about, and who reads it."""

    slug = models.SlugField(
        max_length=60, unique=True, help_text=_("Pages link to /contact/?about= and this.")
    )
    label = models.CharField(
        max_length=80,
        help_text=_("As it goes on after “Contact us to discuss”, such as peer working."),
    )
    inbox = models.EmailField(
        blank=True, help_text=_("Who reads it. Without an address the subject is not offered.")
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.label

    @property
    def invitation(self) -> str:
        return gettext("Contact us to discuss %(label)s") % {"label": self.label}


@dataclass(frozen=True)
class Words:
    """What somebody wrote. All texts; "" where they left it empty."""

    message: str
    name: str = ""
    email: str = ""


class Enquiry(models.Model):
    """One message. `form` is the number of the page it was written on: sent twice is one message.
    `key` is the name of the encryption key that seals what was written."""

    form = models.UUIDField(unique=True, editable=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="enquiries")
    sealed = models.BinaryField(editable=False)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["sent_at"]

    def __str__(self) -> str:
        return f"about {self.subject}, {self.sent_at:%Y-%m-%d}"

    @property
    def words(self) -> Words | None:
        """None where the key has been destroyed."""
        text = unseal_text(self.key, self.sealed)
        return Words(**json.loads(text)) if text else None

    def destroy(self) -> None:
        """The key first: what is left of the row in any copy then says nothing."""
        keys.destroy(self.key)
        self.delete()


def sealed_words(key: uuid.UUID, words: Words) -> bytes:
    """Sealed under the key of that name. Raises KeyDestroyed."""
    return seal_text(key, json.dumps(asdict(words)))


class Delivery(Outgoing):
    """One e-mail that an enquiry is to become. It holds no address and no words."""

    class To(models.TextChoices):
        INBOX = "inbox", _("the subject's inbox")
        WRITER = "writer", _("a copy for who wrote it")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="deliveries")
    to = models.CharField(max_length=6, choices=To.choices)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "to"], name="one_delivery_each"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.state}"
