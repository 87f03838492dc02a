"""What somebody would like to do with a story beyond publishing it, asked each time."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution


class Ask(models.Model):
    """One request to the contributor: this partner, or this extract in that place.

    The answer is a consent event; its recipients name this request by `key`. `words` are quoted
    from the published story and go with it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not answered yet")
        YES = "yes", _("yes")
        NO = "no", _("no")
        ENDED = "ended", _("ended")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="asks")
    purpose = models.SlugField(
        help_text=_("partner_reuse, quoted_extracts or another later purpose.")
    )
    recipient = models.CharField(max_length=120, help_text=_("Who would have it, by name."))
    use = models.CharField(max_length=300, help_text=_("What for, in a plain sentence."))
    words = models.TextField(blank=True, help_text=_("The extract, where one is quoted."))
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.state}"

    @property
    def named(self) -> str:
        """How the consent record names what is allowed: a partner, or one extract of theirs."""
        return (
            gettext("%(recipient)s: extract %(pk)s") % {"recipient": self.recipient, "pk": self.pk}
            if self.words
            else self.recipient
        )
