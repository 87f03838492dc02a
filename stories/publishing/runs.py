"""How far each step of each story has come."""

from __future__ import annotations

from django.db import models

from stories.contributions.models import Contribution


class StepRun(models.Model):
    """The last run of one step for one story. `epoch` names the decision that it carried out."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        CLOSED = "closed", "closed"
        FAILED = "failed", "to be tried again"

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="step_runs"
    )
    step = models.CharField(max_length=30)
    epoch = models.PositiveBigIntegerField()
    state = models.CharField(max_length=6, choices=State.choices)
    attempts = models.PositiveIntegerField(default=1)
    # The kind of fault only: a message could quote what somebody wrote.
    problem = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "step"], name="one_run_a_step")
        ]
        ordering = ["contribution", "id"]

    def __str__(self) -> str:
        return f"{self.step}: {self.state} at epoch {self.epoch}"
