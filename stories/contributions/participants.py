"""Others who are heard or seen in a recording: each has a link and consents of their own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution
from stories.contributions.sealed import seal_text, unseal_text

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Participant(models.Model):
    """One further voice or face. The recording stays closed until each of them has said yes.

    `key` is their opaque key in the consent records. Their name is sealed under the story's key.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("not answered yet")
        ANSWERED = "answered", _("answered")
        LEFT = "left", _("taken back")
        CUT = "cut", _("no longer in the recording")

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="participants"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField(null=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.contribution}, person {self.pk}"

    @classmethod
    def ask(cls, contribution: Contribution, called: str) -> Participant:
        """Somebody who has to be asked. `called` is how the contributor speaks of them."""
        sealed = seal_text(contribution.contributor_key, called)
        return cls.objects.create(contribution=contribution, sealed=sealed)

    @property
    def called(self) -> str:
        return unseal_text(self.contribution.contributor_key, self.sealed)


def participants_of(contribution: Contribution) -> QuerySet[Participant]:
    """Those whose consent counts: everybody who is still in the recording."""
    return contribution.participants.exclude(state=Participant.State.CUT)
