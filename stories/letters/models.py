"""Letters to contributors, as rows: the row is the truth, the queue only rings."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.problems import Problem
from stories.letters.outbox import Outgoing


class LinkRequest(models.Model):
    """Somebody asked for a new private link. The row goes when it is answered, known or not."""

    # As in Contribution; never the address.
    email_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"asked at {self.asked_at:%Y-%m-%d %H:%M}"


class Letter(Outgoing):
    """One letter to a contributor. Its address and its words are read at sending."""

    class Kind(models.TextChoices):
        LINK = "link", _("a new private link")
        SENT = "sent", _("we have your story")
        LOOK = "look", _("look at what we changed")
        WAITING = "waiting", _("it goes out in some days")
        PUBLISHED = "published", _("it is on the site")
        DECLINED = "declined", _("it can't go out")
        ENDING = "ending", _("a yes runs out soon")
        ENDED = "ended", _("a yes has run out")
        ASKED = "asked", _("there is a question")
        CHANGED = "changed", _("something was changed")
        HELD = "held", _("it rests while we look at something")
        BACK = "back", _("it is back")
        GONE = "gone", _("it is all gone")
        FOLLOWUP = "followup", _("how has it been")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="letters")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What it is about, so that it is written once: a purpose and a date, never somebody's words.
    about = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "about"], name="one_letter_an_occasion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"


class Answer(Outgoing):
    """The answer to somebody who told us of a problem. Its words are sealed with the problem."""

    told = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="answer")

    class Meta:
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"an answer: {self.state}"
