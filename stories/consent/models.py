"""Consent as records: what may be asked, exactly what was said, and what was answered.

Field names follow ISO/IEC TS 27560 as the W3C guide to it writes them, and states follow the
Data Privacy Vocabulary (DPV 2). A consent is one purpose, given or refused on its own.
"""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.utils import timezone


class Purpose(models.Model):
    """One thing that a contributor may allow. Rows, so that an editor can word them."""

    class Asked(models.TextChoices):
        BEFORE = "before", "before sending"
        UPLOAD = "upload", "with the upload"
        CHOICE = "choice", "as a choice"
        LATER = "later", "on the contributor's own page"

    slug = models.SlugField(primary_key=True)
    public_label = models.CharField(max_length=120)
    asked = models.CharField(max_length=8, choices=Asked.choices)
    order = models.PositiveSmallIntegerField(default=0)
    lawful_basis = models.CharField(
        max_length=200, help_text="For the data protection officer to confirm, purpose by purpose."
    )
    validity_days = models.PositiveIntegerField(default=365 * 5)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.public_label


class Statement(models.Model):
    """The exact words that a contributor was shown for a purpose: `version` in one language.

    Immutable: another wording is another row. `sha256` is of question, text and Easy Read text.
    """

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="statements")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12, default="en-GB")
    question = models.CharField(max_length=200)
    text = models.TextField()
    easy_read = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "version"], name="one_statement_a_version"
            )
        ]
        ordering = ["purpose", "language", "-version"]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.language} version {self.version}"

    def save(self, *args, **kwargs) -> None:
        """Raises TypeError on a change: what somebody has read cannot become something else."""
        if self.pk and Statement.objects.filter(pk=self.pk).exists():
            raise TypeError("A statement is never changed. Write its next version.")
        words = "\n\n".join([self.question, self.text, self.easy_read])
        self.sha256 = hashlib.sha256(words.encode()).hexdigest()
        super().save(*args, **kwargs)


class EventState(models.TextChoices):
    """DPV consent states. Only the first two let anything out."""

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


VALID_STATES = (EventState.GIVEN, EventState.RENEWED)


class ConsentEvent(models.Model):
    """One answer, at one time, to one statement. Append-only: a change of mind is another row.

    `pii_principal_id` is the contributor's opaque key, not a foreign key, so that the record can
    outlive an erased contribution and still say nothing about a person.
    """

    class Entity(models.TextChoices):
        SELF = "self", "the contributor"
        GUARDIAN = "guardian", "a guardian"
        STAFF = "staff", "staff, on the contributor's behalf"

    class Method(models.TextChoices):
        WEB = "web", "web form"
        PAPER = "paper", "signed paper"
        VERBAL = "verbal", "recorded verbal"
        TELEPHONE = "telephone", "telephone"

    record_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_version = models.CharField(max_length=20, default="27560-2023")
    pii_principal_id = models.UUIDField(db_index=True)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT)
    event_state = models.CharField(max_length=24, choices=EventState.choices)
    event_type = models.CharField(max_length=40, default="dpv:ExplicitlyExpressedConsent")
    choice = models.CharField(max_length=20, blank=True, help_text="For the three choices.")
    event_time = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    entity_id = models.CharField(max_length=10, choices=Entity.choices, default=Entity.SELF)
    indication_method = models.CharField(max_length=10, choices=Method.choices, default=Method.WEB)
    lawful_basis = models.CharField(max_length=200)
    pii_type = models.JSONField(default=list)
    pii_controllers = models.JSONField(default=list)
    storage_locations = models.JSONField(default=list)
    retention_period = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=40, default="GB-SCT")
    recipient_third_parties = models.JSONField(default=list)
    withdrawal_method = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["pii_principal_id", "purpose", "-id"])]
        ordering = ["id"]

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
