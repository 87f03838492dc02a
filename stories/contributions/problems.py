"""What somebody told us about a story on the site: sealed under a key of its own."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import models
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions import keys
from stories.contributions.models import Contribution
from stories.contributions.sealed import seal_text, unseal_text


@dataclass
class Told:
    """What only moderators read. `answer`: what they wrote back."""

    words: str = ""
    email: str = ""
    answer: str = ""


class Problem(models.Model):
    """One person's word about one story. They need no account, and no name.

    `holds`: a moderator hid the story because of it, and it stays hidden while this is set.
    `hidden_epoch`: the pause that this made; None where the story rested already.
    """

    class About(models.TextChoices):
        IN_IT = "in_it", _("I am in it")
        WORRIES = "worries", _("It worries me")
        COPYRIGHT = "copyright", _("Something in it is mine (copyright)")
        BROKEN = "broken", _("Something doesn't work")

    class Outcome(models.TextChoices):
        NOTHING = "nothing", _("nothing had to be changed")
        CHANGED = "changed", _("the story was changed")
        DOWN = "down", _("the story is off the site")
        MENDED = "mended", _("what was broken is mended")
        NOT_MEANT = "not_meant", _("it was not about this story")

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="problems"
    )
    about = models.CharField(max_length=9, choices=About.choices)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the form it came with, so that one that is sent twice counts once.
    form = models.UUIDField(unique=True, editable=False)
    sealed = models.BinaryField(editable=False)
    sent_at = models.DateTimeField(default=timezone.now)
    holds = models.BooleanField(default=False)
    hidden_epoch = models.PositiveBigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["sent_at"]

    def __str__(self) -> str:
        return f"{self.contribution}, problem {self.pk}"

    @property
    def is_urgent(self) -> bool:
        """Somebody who is in it may be in danger for as long as it can be seen."""
        return self.about == self.About.IN_IT

    @property
    def is_alarming(self) -> bool:
        """Whether moderators are told at once, wherever they are."""
        return self.about in (self.About.IN_IT, self.About.WORRIES)

    @property
    def told(self) -> Told:
        """Empty where the key has been destroyed."""
        text = unseal_text(self.key, self.sealed)
        return Told(**json.loads(text)) if text else Told()

    def keep(self, told: Told) -> None:
        """Seal it anew. Raises KeyDestroyed."""
        self.sealed = sealed(self.key, told)
        Problem.objects.filter(pk=self.pk).update(sealed=self.sealed)


def sealed(key: uuid.UUID, told: Told) -> bytes:
    """Raises KeyDestroyed."""
    return seal_text(key, json.dumps(asdict(told)))


def to_look_at() -> QuerySet[Problem]:
    """Open ones: the urgent first, and then who has waited longest."""
    urgent = Case(When(about=Problem.About.IN_IT, then=Value(0)), default=Value(1))
    waiting = Problem.objects.filter(closed_at=None).select_related("contribution")
    return waiting.order_by(urgent, "sent_at")


def is_held(story: Contribution) -> bool:
    """Whether it stays off the site until a moderator has looked at what somebody told us."""
    return story.problems.filter(holds=True).exists()


def destroy(problems: QuerySet[Problem]) -> int:
    """Words, address and key go; return how many."""
    found = list(problems)
    for problem in found:
        keys.destroy(problem.key)
        problem.delete()
    return len(found)
