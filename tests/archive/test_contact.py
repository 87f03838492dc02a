"""A message reaches the right inbox once, sealed meanwhile, and no error loses a word of it."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client

from archive.contact import forms
from archive.contact.models import Delivery, Enquiry, Subject
from archive.settings.environment import ROOT
from archive.timed import RULES, tick
from stories.contributions import keys, stamps
from stories.contributions.places import PlaceCount
from stories.letters.outbox import MOST_ATTEMPTS
from stories.publishing.retention import retention_table
from tests.archive.test_services import editor
from tests.people import forget_work, work

WORDS = "Marmalade in the morning,\nand a peer worker at noon."
ANN = "ann@example.org"


@pytest.fixture
def inboxes(site, monkeypatch) -> None:
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(0))
    for slug in ("peer-working", "your-own-story"):
        Subject.objects.filter(slug=slug).update(inbox=f"{slug}@archive.example")
    mail.outbox.clear()


def begin(client: Client, about: str = "peer-working") -> dict[str, str]:
    """The page, with what somebody fills in."""
    page = client.get("/contact/", {"about": about}).content.decode()
    stamp = re.search(r'name="form" value="([^"]+)"', page)
    chosen = re.search(r'value="([\w-]+)"[^>]* selected', page)
    assert stamp
    return {
        "form": stamp[1],
        "about": chosen[1] if chosen else "",
        "message": WORDS,
        "name": "Ann",
        "email": ANN,
    }


def test_it_reaches_the_right_inbox_once_and_is_sealed_meanwhile(inboxes, caplog, clock):
    client = Client(enforce_csrf_checks=True)
    typed = begin(client)
    for _ in range(2):
        answer = client.post("/contact/", typed)
        assert (answer.status_code, answer["Location"]) == (302, "/contact/sent/")
    assert "Thank you" in client.get("/contact/sent/").content.decode()
    assert not client.cookies
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM archive_enquiry")
        rows = [[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in cursor]
    assert len(rows) == 1
    assert "armalade" not in str(rows)
    assert ANN not in str(rows)
    assert ANN not in str(list(PlaceCount.objects.values())) + str(list(Delivery.objects.values()))
    work()
    [letter] = mail.outbox
    assert letter.to == ["peer-working@archive.example"]
    assert letter.reply_to == [ANN]
    assert WORDS in letter.body
    assert letter.subject == "From the contact page: peer working"
    assert "armalade" not in caplog.text
    enquiry = Enquiry.objects.get()
    clock.set(days=project.ENQUIRY_DAYS - 1)
    assert tick()["contact messages destroyed"] == 0
    clock.set(days=project.ENQUIRY_DAYS + 1)
    assert tick()["contact messages destroyed"] == 1
    assert not keys.exists(enquiry.key)
    assert not Enquiry.objects.exists()


def test_the_documentation_holds_the_table():
    assert retention_table(RULES, ()) in (ROOT / "docs/retention.md").read_text()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"about": ""}, "Please choose what it is about"),
        ({"about": "wrap"}, "Please choose what it is about"),  # nobody reads it
        ({"email": f"{ANN}\nBcc: all@example.org"}, "look like an e-mail address"),
        ({"name": "Ann\r\nBcc: all@example.org"}, "without line breaks"),
        ({"message": "x" * 5_001}, "room for 5,000"),
        ({"message": "\0hello"}, "Null characters"),
        ({"page": "https://buy.example"}, "Please leave this empty"),
        ({"form": "forged"}, "has been open for long"),
        ({"email": "", "copy": "on"}, "where the copy should go"),
    ],
)
def test_no_error_loses_what_was_typed(inboxes, changes, said):
    client = Client()
    typed = begin(client) | changes
    answer = client.post("/contact/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert typed["message"].replace("\0", "") in page.replace("\0", "")
    assert typed["name"].partition("\r")[0] in page
    assert not Enquiry.objects.exists()
    if "form" in changes:  # a new stamp is there: pressing again is all it takes
        stamp = re.search(r'name="form" value="([^"]+)"', page)
        assert stamp
        assert client.post("/contact/", typed | {"form": stamp[1]}).status_code == 302


def test_machines_are_slowed_down_and_people_lose_nothing(inboxes, settings, monkeypatch):
    settings.ENQUIRIES_PER_PLACE_PER_HOUR = 2
    client = Client()
    for number in range(2):
        sent = client.post("/contact/", begin(client) | {"message": f"Message {number}"})
        assert sent.status_code == 302
    refused = client.post("/contact/", begin(client))
    assert refused.status_code == 429
    assert WORDS in refused.content.decode()
    assert Enquiry.objects.count() == 2
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(seconds=3))
    typed = begin(client)
    assert "very quick" in client.post("/contact/", typed).content.decode()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 4)
    settings.ENQUIRIES_PER_PLACE_PER_HOUR = 10
    assert client.post("/contact/", typed).status_code == 302


def test_the_page_gone_back_to_takes_another_message(inboxes):
    client = Client()
    typed = begin(client)
    client.post("/contact/", typed)
    client.post("/contact/", typed | {"message": "And another thing."})
    work()
    assert len(mail.outbox) == 2
    assert "And another thing." in mail.outbox[1].body


def test_copies_go_to_their_writer_and_nobody_is_flooded_with_them(inboxes, settings):
    settings.ENQUIRIES_PER_PLACE_PER_HOUR = 100
    client = Client()
    for number in range(forms.COPIES_A_DAY):
        message = {"message": f"{WORDS} {number}", "copy": "on"}
        assert client.post("/contact/", begin(client) | message).status_code == 302
    refused = client.post("/contact/", begin(client) | {"copy": "on"})
    assert refused.status_code == 422
    assert "as many copies" in refused.content.decode()
    work()
    copies = [letter for letter in mail.outbox if letter.to == [ANN]]
    assert len(copies) == forms.COPIES_A_DAY
    assert WORDS in copies[0].body
    assert copies[0].subject == "What you sent us"


def test_a_mail_server_that_is_away_loses_nothing(inboxes, settings, clock):
    settings.EMAIL_BACKEND = "tests.archive.test_contact.Away"
    client = Client()
    client.post("/contact/", begin(client))
    forget_work()  # the bell is lost, and rung again
    for attempt in range(MOST_ATTEMPTS):
        clock.set(days=attempt * 2)
        assert tick()["contact messages rung"] == 1
        work()
    clock.set(days=30)
    assert tick()["contact messages rung"] == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem) == ("failed", "ConnectionRefusedError")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    staff = editor()
    assert "could not be delivered" in staff.get("/admin/house-keeping/").content.decode()
    staff.post("/admin/house-keeping/deliver-again/")
    work()
    assert [letter.to for letter in mail.outbox] == [["peer-working@archive.example"]]


class Away(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError(f"no answer about {messages[0].body}")
