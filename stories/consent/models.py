"""What may be asked, and exactly what was said when it was asked."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Purpose(models.Model):
    """One thing that a contributor may allow. Rows, so that an editor can word them."""

    class Asked(models.TextChoices):
        BEFORE = "before", _("before sending")
        UPLOAD = "upload", _("with the upload")
        CHOICE = "choice", _("as a choice")
        LATER = "later", _("on the contributor's own page")

    slug = models.SlugField(primary_key=True)
    public_label = models.CharField(max_length=120)
    asked = models.CharField(max_length=8, choices=Asked.choices)
    order = models.PositiveSmallIntegerField(default=0)
    formats = models.JSONField(
        default=list, help_text=_('Which stories it can be asked of: "written", "audio", "video".')
    )
    # Terms of the Data Privacy Vocabulary's personal data extension, such as "pd:Name".
    pii_type = models.JSONField(default=list)
    lawful_basis = models.CharField(
        max_length=200,
        help_text=_("For the data protection officer to confirm, purpose by purpose."),
    )
    validity_days = models.PositiveIntegerField(default=365 * 5)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.public_label


class Statement(models.Model):
    """The exact words that a contributor was shown for a purpose: `version` in one language.

    Immutable (triggers.py): another wording is another row. `scope` counts how often the purpose
    was widened: a yes to scope 1 stays a yes to scope 1 when the question grows. `sha256` is of
    question, text and Easy Read text.
    """

    class Change(models.TextChoices):
        FIRST = "first", _("the first wording")
        TYPO = "typo", _("says the same in better words")
        WIDER = "wider", _("asks for more than before")

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="statements")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=12, default="en-GB")
    question = models.CharField(max_length=200)
    text = models.TextField()
    easy_read = models.TextField(blank=True)
    change = models.CharField(max_length=5, choices=Change.choices, default=Change.FIRST)
    scope = models.PositiveSmallIntegerField(default=1)
    written_by = models.CharField(
        max_length=40,
        blank=True,
        help_text=_('Who, as "staff:ID": a key would keep staff for ever.'),
    )
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
        self.sha256 = self.fingerprint()
        super().save(*args, **kwargs)

    def fingerprint(self) -> str:
        """SHA-256 of the words as they stand."""
        words = "\n\n".join([self.question, self.text, self.easy_read])
        return hashlib.sha256(words.encode()).hexdigest()


def current_statement(purpose: str, language: str = "en-GB") -> Statement:
    """The newest wording of a purpose. Raises Statement.DoesNotExist when none is loaded."""
    return Statement.objects.filter(purpose=purpose, language=language).latest("version")
