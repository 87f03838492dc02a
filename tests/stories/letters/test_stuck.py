"""Letters that failed every time, and alerts that reach nobody: House-keeping says so."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from archive.directory.models import Service
from stories.contributions.problems import Told
from stories.letters.alerts import Alert
from stories.letters.models import Answer, Letter
from stories.letters.outbox import MOST_ATTEMPTS, PAUSES
from stories.letters.post import post
from stories.publishing.problems import close, tell
from stories.publishing.tick import tick
from tests.archive.test_services import editor
from tests.people import forget_work, work
from tests.stories.letters.conftest import ADDRESS

REFUSING = "tests.stories.letters.test_sending.Refusing"
REPORT = "/admin/house-keeping/"


def fail(rows) -> None:
    """As if each attempt but the last had failed; the last is made by the worker."""
    rows.update(state="failed", attempts=MOST_ATTEMPTS - 1, due_at=timezone.now())


def test_what_was_given_up_is_counted_by_occasion_and_tried_again(story, settings, moderator):
    settings.EMAIL_BACKEND = REFUSING
    Service.objects.all().delete()  # some may be due to be checked
    staff = editor()
    get_user_model().objects.filter(username="moderator").update(email="mo@example.org")
    assert "Each was tried six times" not in staff.get(REPORT).content.decode()
    for about in ("1", "2"):
        post(story, "changed", about=about)
    problem = tell(story, "broken", Told(words="Zanthorpe.", email="bo@example.org"), uuid.uuid4())
    close(problem, "mended", "We mended it, quillbarrow.", None)
    forget_work()
    changed = Letter.objects.filter(kind="changed")
    for rows in (changed, Answer.objects.all()):
        fail(rows)
    tick()
    work()
    last_tried = Letter.objects.filter(kind="changed").first().due_at - PAUSES[-1]
    assert abs((timezone.now() - last_tried).total_seconds()) < 60

    page = staff.get(REPORT).content.decode()
    today = f"{timezone.localtime():%-d %B %Y}"
    assert f"2 (something was changed), since {today}: SMTPRecipientsRefused" in page
    assert f"1 (an answer to somebody who told us of a problem), since {today}" in page
    assert "House-keeping (3)" in page
    for kept in (ADDRESS, "bo@example.org", story.reference, "garlic", "Zanthorpe", "quillbarrow"):
        assert kept not in page
    with pytest.raises(SystemExit):
        call_command("housekeeping")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    again = f"{REPORT}write-again/"
    assert moderator.client.post(again).status_code == 302  # has nothing to do with it
    assert staff.get(again).status_code == 405
    work()
    assert mail.outbox == []
    assert "3 will be tried again now." in staff.post(again, follow=True).content.decode()
    work()
    assert sorted(letter.to[0] for letter in mail.outbox) == [ADDRESS, ADDRESS, "bo@example.org"]
    assert "Each was tried six times" not in staff.get(REPORT).content.decode()


def test_an_alert_that_reaches_nobody_is_told_and_goes_once_somebody_has_an_address(
    story, moderator
):
    staff = editor()
    page = staff.get(REPORT).content.decode()
    assert "No moderator has an e-mail address" in page
    assert "Try all letters again" not in page
    problem = tell(story, "in_it", Told(), uuid.uuid4())
    work()
    assert Alert.objects.get().state == Alert.State.DROPPED
    page = staff.get(REPORT).content.decode()
    assert "1 report waits at the desk of which nobody was told." in page
    assert "Try all letters again" not in page  # there is nobody to tell yet

    get_user_model().objects.filter(username="moderator").update(email="mo@example.org")
    page = staff.get(REPORT).content.decode()
    assert "No moderator has an e-mail address" not in page
    assert "Try all letters again" in page
    staff.post(f"{REPORT}write-again/")
    work()
    [letter] = mail.outbox
    assert letter.to == ["mo@example.org"]
    assert f"/admin/contributions/problems/{problem.pk}/" in letter.body
    assert "Letters that reach nobody" not in staff.get(REPORT).content.decode()
