"""Consent records: one answer, at one time, to one statement; append-only.

Field names follow ISO/IEC TS 27560 as the W3C guide to it writes them, and states follow the
Data Privacy Vocabulary (DPV 2). A consent is one purpose, given or refused on its own.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.consent.models import Purpose, Statement


class EventState(models.TextChoices):
    """DPV consent states."""

    GIVEN = "ConsentGiven"
    RENEWED = "RenewedConsentGiven"
    UNKNOWN = "ConsentUnknown"
    REQUESTED = "ConsentRequested"
    DEFERRED = "ConsentRequestDeferred"
    REFUSED = "ConsentRefused"
    EXPIRED = "ConsentExpired"
    WITHDRAWN = "ConsentWithdrawn"
    INVALIDATED = "ConsentInvalidated"
    REVOKED = "ConsentRevoked"


class ConsentEvent(models.Model):
    """One answer. Written by record.py only; held by triggers (triggers.py), chained (chain.py).

    `pii_principal_id` is the contributor's opaque key, not a foreign key, so that the record can
    outlive an erased contribution and still say nothing about a person. `allows` is the scope of
    the purpose that is allowed after this event, 0 for nothing: so the newest event of a purpose
    says all, also when it is a question for more (ConsentRequested) that leaves the old yes as it
    was. `number` counts all events of the archive.
    """

    class Entity(models.TextChoices):
        SELF = "self", _("the contributor")
        GUARDIAN = "guardian", _("a guardian")
        STAFF = "staff", _("staff, on the contributor's behalf")
        ARCHIVE = "archive", _("the archive itself, when time has run out")

    class Method(models.TextChoices):
        WEB = "web", _("web form")
        PAPER = "paper", _("signed paper")
        VERBAL = "verbal", _("recorded verbal")
        TELEPHONE = "telephone", _("telephone")
        CLOCK = "clock", _("the end of its time")

    number = models.PositiveBigIntegerField(unique=True)
    record_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_version = models.CharField(max_length=20, default="27560-2023")
    pii_principal_id = models.UUIDField(db_index=True)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT)
    statement_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    event_state = models.CharField(max_length=24, choices=EventState.choices)
    event_type = models.CharField(max_length=40, default="dpv:ExplicitlyExpressedConsent")
    allows = models.PositiveSmallIntegerField(default=0)
    choice = models.CharField(max_length=20, blank=True, help_text=_("For the three choices."))
    event_time = models.DateTimeField(default=timezone.now)
    validity_days = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    entity_id = models.CharField(max_length=10, choices=Entity.choices, default=Entity.SELF)
    actor = models.CharField(max_length=40, blank=True, help_text=_('"staff:ID" when staff acted.'))
    indication_method = models.CharField(max_length=10, choices=Method.choices, default=Method.WEB)
    lawful_basis = models.CharField(max_length=200)
    pii_type = models.JSONField(default=list)
    pii_controllers = models.JSONField(default=list)
    storage_locations = models.JSONField(default=list)
    retention_period = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=40, default="GB-SCT")
    recipient_third_parties = models.JSONField(default=list)
    withdrawal_method = models.CharField(max_length=200)
    mac = models.CharField(max_length=64, editable=False)

    class Meta:
        indexes = [models.Index(fields=["pii_principal_id", "purpose", "-number"])]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.purpose_id}: {self.event_state}"

    def save(self, *args, **kwargs) -> None:
        """Raises TypeError on a change."""
        if self.pk:
            raise TypeError("A consent event is never changed. Record the next one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Raises TypeError, always."""
        raise TypeError("A consent event is never deleted.")

    @property
    def is_yes(self) -> bool:
        """Whether this event leaves something allowed, its time apart."""
        return self.allows > 0


class ChainHead(models.Model):
    """One row: the number and code of the newest event. Locked while the next one is written."""

    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.number}"


class Receipt(models.Model):
    """That somebody was given a receipt; what it says is read from the immutable events.

    `up_to` is the number of the newest event that it covers.
    """

    class Kind(models.TextChoices):
        GIVEN = "given", _("What you agreed to")
        CHANGED = "changed", _("What you changed")
        WITHDRAWN = "withdrawn", _("What you took back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pii_principal_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    up_to = models.PositiveBigIntegerField()
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.issued_at:%Y-%m-%d}"
