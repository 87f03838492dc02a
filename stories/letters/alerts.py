"""Telling moderators by e-mail that a report which can't wait lies on the desk.

The mail says that one waits and where to read it: nothing of the story, nothing of what was told.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from stories.contributions.problems import Problem
from stories.letters import outbox
from stories.letters.outbox import Outgoing
from stories.letters.writing import HEADERS

SUBJECT = _("Something waits for you at the desk")


class Alert(Outgoing):
    """One e-mail to the moderators about one report. Who they are is read at sending."""

    about = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="alert")

    class Meta:
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"alert {self.pk}: {self.state}"


def moderators() -> list[str]:
    """E-mail addresses of everybody who may work at the desk and has one."""
    staff = get_user_model().objects.with_perm(  # type: ignore[attr-defined]
        "stories.moderate", backend="django.contrib.auth.backends.ModelBackend"
    )
    return sorted(set(staff.exclude(email="").values_list("email", flat=True)))


def write(alert: Alert) -> EmailMessage | None:
    """The mail; None when the report is closed meanwhile, or no moderator has an address."""
    addresses = [] if alert.about.closed_at else moderators()
    if not addresses:
        return None
    link = settings.SITE_ADDRESS + reverse("desk_problem", args=[alert.about_id])
    text = render_to_string("letters/alert.txt", {"link": link})
    return EmailMessage(str(SUBJECT), text, to=addresses, headers=HEADERS)


def ring_alerts() -> int:
    """Ring for mails to moderators that wait; how many do."""
    waiting = outbox.to_be_sent(Alert.objects.all()).count()
    if waiting:
        send_alerts.enqueue()
    return waiting


@task(queue_name="light")
def send_alerts() -> int:
    """Send every one that is due; return how many were sent."""
    return outbox.send_all(Alert.objects.select_related("about"), write)
