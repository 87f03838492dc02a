"""Letters: once each, true when they are sent, and silent about what they are about."""

from __future__ import annotations

import re
import smtplib
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.test import Client
from django.utils import timezone

from stories.consent.events import ConsentEvent
from stories.consent.record import CONTRIBUTOR
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution
from stories.contributions.problems import Told
from stories.letters.models import Letter
from stories.letters.post import post
from stories.letters.sending import (
    MOST_ATTEMPTS,
    deliver,
    given_up,
    send_letters,
    to_be_sent,
    try_again,
)
from stories.publishing.agree import agree, version_to_agree
from stories.publishing.approve import Description, approve
from stories.publishing.ask import ask
from stories.publishing.expiry import remind
from stories.publishing.problems import hide, put_back, tell
from stories.publishing.tick import tick
from stories.publishing.withdraw import destroy, withdraw
from tests.people import Contributor, work
from tests.stories.letters.conftest import ADDRESS

LINK = re.compile(r"http://localhost:8000(/my-story/[\w-]{43}/)")
FIVE_YEARS = 365 * 5


class Refusing(BaseEmailBackend):
    """A mail server that does not know the address, and says so with the address."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such " + ADDRESS.encode())})


class Killed(BaseEmailBackend):
    """The worker is killed while the letter is on its way."""

    def send_messages(self, messages):
        raise KeyboardInterrupt


def all_that_counts(story: Contribution) -> list:
    return [
        Contribution.objects.filter(pk=story.pk).values().get(),
        list(ConsentEvent.objects.order_by("number").values_list("number", "mac")),
        list(story.versions.values()),
        list(story.asks.values()),
    ]


def test_each_kind_is_sent_says_nothing_and_its_link_changes_nothing(
    contributor, moderator, settings, clock
):
    settings.COOLING_OFF_DAYS = 7
    seen: set[str] = set()

    def look(kind: str, story: Contribution) -> None:
        """One letter of this kind has come. A scanner opens its link, twice, elsewhere."""
        work()
        letter = Letter.objects.get(kind=kind, contribution=story)
        assert letter.state == Letter.State.SENT, (kind, letter.state, letter.problem)
        [message] = [found for found in mail.outbox if found.to == [story.private.email]]
        mail.outbox.clear()
        [link] = LINK.findall(message.body)
        shown = message.subject + LINK.sub("", message.body)
        assert not re.search("garlic|Jean|stor(y|ies)|recover|mental|health|{|}|&#", shown, re.I)
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert message.content_subtype == "plain"
        before = all_that_counts(story)
        for method in ("get", "head", "get"):
            answer = getattr(Client(), method)(link, follow=True)
            assert answer.status_code == 200
            assert answer.redirect_chain == [("/my-story/", 302)]
        assert all_that_counts(story) == before
        seen.add(kind)

    said = {"email": ADDRESS, "contact_followup": "yes"}
    contributor.tell("The garlic is up", "Jean put a note through the door.", **said)
    story = Contribution.objects.get()
    post(story, "sent")
    look("sent", story)
    Client().post("/my-story/lost/", {"email": ADDRESS})
    look("link", story)
    approve(story, None, Description(words="Jean put a letter through the door."))
    look("look", story)
    agree(story, version_to_agree(story))
    story.refresh_from_db()
    look("waiting", story)
    Contribution.objects.update(publish_after=timezone.now())
    tick()
    look("published", story)
    post(story, "followup")
    look("followup", story)
    story.refresh_from_db()
    ask(story, "partner_reuse", "A museum", "An exhibition", by=CONTRIBUTOR)
    look("asked", story)
    post(story, "changed", about="1")
    look("changed", story)
    problem = tell(story, "in_it", Told(), uuid.uuid4())
    assert problem
    hide(problem, None)
    look("held", story)
    put_back(problem, None)
    look("back", story)
    story.refresh_from_db()
    clock.set(days=FIVE_YEARS - 20)
    remind()
    look("ending", story)
    clock.set(days=FIVE_YEARS + 1)
    tick()
    look("ended", story)
    story.refresh_from_db()
    withdraw(story)
    look("gone", story)

    clock.set()
    other = Contributor().tell("Garlic for sale", "Ten pounds.", email="bo@example.org")
    work()
    mail.outbox.clear()
    declined = Contribution.objects.get(state="submitted")
    moderator.decline(declined.reference, reason="selling", letter="We are sorry.")
    look("declined", declined)
    assert other.link
    assert seen == set(Letter.Kind.values)


def test_two_workers_send_one_letter_once(story):
    post(story, "changed", about="1")
    ours, theirs = list(to_be_sent()), list(to_be_sent())
    assert deliver(ours[0]) is True
    assert deliver(theirs[0]) is False
    assert len(mail.outbox) == 1
    work()
    assert len(mail.outbox) == 1


def test_a_worker_killed_at_sending_leaves_the_letter_to_be_sent_again(story, settings):
    post(story, "changed", about="1")
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.stories.letters.test_sending.Killed"
    with pytest.raises(KeyboardInterrupt):
        send_letters.func()
    settings.EMAIL_BACKEND = backend
    letter = Letter.objects.get(kind="changed")
    assert (letter.state, letter.problem) == ("failed", "broken off")
    assert send_letters.func() == 0  # somebody may still be at it
    Letter.objects.update(due_at=timezone.now())
    assert tick()["letters rung"] == 1
    work()
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_a_refused_address_is_tried_later_then_left_to_staff_and_never_logged(
    story, settings, caplog
):
    settings.EMAIL_BACKEND = "tests.stories.letters.test_sending.Refusing"
    caplog.set_level("DEBUG")
    post(story, "changed", about="1")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        before = timezone.now()
        assert send_letters.func() == 0
        letter = Letter.objects.get(kind="changed")
        assert (letter.attempts, letter.state) == (attempt, "failed")
        assert letter.problem == "SMTPRecipientsRefused"
        assert letter.due_at >= before + timedelta(minutes=10)
        Letter.objects.update(due_at=timezone.now())
    send_letters.func()
    assert list(given_up()) == [letter]
    assert Letter.objects.get(kind="changed").attempts == MOST_ATTEMPTS
    assert "SMTPRecipientsRefused" in caplog.text
    assert "ann@" not in caplog.text
    assert "/my-story/" not in caplog.text

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    try_again(letter)
    work()
    assert len(mail.outbox) == 1


def test_while_the_mail_server_is_away_one_letter_tries_for_all(story, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    post(story, "changed", about="1")
    post(story, "changed", about="2")
    assert send_letters.func() == 0
    assert sorted(Letter.objects.filter(kind="changed").values_list("attempts", flat=True)) == [
        0,
        1,
    ]
    assert Letter.objects.get(attempts=1, kind="changed").problem == "ConnectionRefusedError"


def test_what_is_no_longer_true_or_wanted_is_not_sent(story):
    links = PrivateLink.objects.count()
    assert post(story, "followup") is None  # they said no to it
    Letter.objects.create(contribution=story, kind="followup")
    post(story, "waiting", about="1")
    assert send_letters.func() == 0
    post(story, "changed", about="1")
    destroy_at_once(story)
    assert send_letters.func() == 0
    assert mail.outbox == []
    dropped = Letter.objects.filter(kind__in=["followup", "waiting", "changed"])
    assert {letter.state for letter in dropped} == {"dropped"}
    assert PrivateLink.objects.count() == links


def destroy_at_once(story: Contribution) -> None:
    """Taken down and destroyed before any letter was looked at."""
    from stories.publishing.reconcile import reconcile

    withdraw(story)
    destroy(story)
    assert reconcile(story.pk)
    assert Contribution.objects.get(pk=story.pk).state == "erased"


def test_a_letter_is_not_held_up_by_a_clock_that_was_set_back(story):
    post(story, "changed", about="1")
    Letter.objects.update(due_at=F("due_at") + timedelta(days=300))
    assert send_letters.func() == 1
