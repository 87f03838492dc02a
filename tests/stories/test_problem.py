"""Somebody tells us of a problem with a story: taken in, hidden at once, let back, forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from stories import problem_page
from stories.contributions import keys, stamps
from stories.contributions.models import Contribution
from stories.contributions.problems import Problem
from stories.letters.answers import ring_answers, send_answers
from stories.letters.models import Answer, Letter
from stories.letters.outbox import MOST_ATTEMPTS
from stories.publishing.retention import RULES
from stories.publishing.tick import tick
from tests.people import work
from tests.stories.letters import test_sending as sending

SAID = "That is my brother's kitchen, zanthorpe."
DESK = "/admin/contributions/problems/"


@pytest.fixture
def address(contributor, moderator, stranger, monkeypatch) -> str:
    """Where one is told of the problem with the one story there is."""
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(0))
    contributor.tell("The kettle", "It was on.", email="bo@example.org")
    moderator.approve(moderator.waiting()[0])
    work()
    [story] = stranger.stories()
    assert f'href="{story}problem/"' in stranger.client.get(story).content.decode()
    return f"{story}problem/"


def open_form(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)
    assert stamp
    return {"stamp": stamp[1], "second_address": ""}


def press(moderator, problem: Problem, verb: str, **said: str) -> str:
    answer = moderator.client.post(f"{DESK}{problem.pk}/{verb}/", said, follow=True)
    return answer.content.decode()


def test_who_is_in_it_comes_first_and_one_press_hides_it_until_it_is_let_back(
    address, contributor, moderator, stranger, caplog
):
    # No cookie and no token of ours is needed.
    client = Client(enforce_csrf_checks=True)
    form = open_form(client, address)
    client.post(address, form | {"about": "broken", "words": "No sound."})
    form = open_form(client, address)
    told = form | {"about": "in_it", "words": SAID, "email": "ann@example.org"}
    for _ in range(2):  # pressed twice
        assert "Thank you for telling us" in client.post(address, told).content.decode()
    assert client.cookies == {}
    assert Problem.objects.count() == 2
    urgent = Problem.objects.get(about="in_it")
    assert SAID.encode() not in bytes(urgent.sealed)
    assert urgent.told.words == SAID
    queue = moderator.client.get(DESK).content.decode()
    assert queue.index("Urgent") < queue.index("Something doesn&#x27;t work")
    page = moderator.client.get(f"{DESK}{urgent.pk}/").content.decode()
    assert "my brother&#x27;s kitchen" in page
    assert "It was on." in page

    press(moderator, urgent, "hide")
    assert stranger.stories() == []
    assert [letter.kind for letter in Letter.objects.order_by("-pk")[:1]] == ["held"]
    assert client.get(address).status_code == 404
    assert "It rests while we look at something" in contributor.my_page()
    contributor.client.post("/my-story/rest/", {"to": "back"})
    assert stranger.stories() == []  # not its teller either, meanwhile
    assert "It is closed" in press(moderator, urgent, "close", outcome="nothing")
    assert stranger.stories() == []
    assert "It is back on the site" in press(moderator, urgent, "back")
    work()
    assert len(stranger.stories()) == 1
    press(moderator, urgent, "open")
    assert Problem.objects.get(pk=urgent.pk).closed_at is None
    work()
    assert set(Letter.objects.filter(kind__in=["held", "back"]).values_list("kind", "state")) == {
        ("held", "dropped"),  # it was back before the letter went
        ("back", "sent"),
    }
    assert "zanthorpe" not in caplog.text.lower()
    assert "ann@example" not in caplog.text


def test_what_its_teller_lets_rest_no_report_brings_back(address, contributor, moderator, stranger):
    client = stranger.client
    client.post(address, open_form(client, address) | {"about": "in_it"})
    [problem] = Problem.objects.all()
    contributor.client.post("/my-story/rest/", {"to": "rest"})
    press(moderator, problem, "hide")
    assert "for another reason" in press(moderator, problem, "back")
    assert stranger.stories() == []
    contributor.client.post("/my-story/rest/", {"to": "back"})
    work()
    assert len(stranger.stories()) == 1


def test_what_was_typed_survives_and_machines_learn_nothing(address, stranger, monkeypatch):
    client = stranger.client
    form = open_form(client, address)
    typed = {"about": "worries", "words": " ", "email": "ann at example"}
    page = client.post(address, form | typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Please say in a few words" in text
    assert "look like an e-mail address" in text
    assert 'value="ann at example"' in text
    assert re.search(r'value="worries"[^>]*checked', text)
    assert form["stamp"] in text  # the time it is open goes on

    good = {"about": "worries", "words": "I worry."}
    for machine in ({"second_address": "http://spam.example"}, {"stamp": "made up"}):
        # Nobody is thanked for what is not kept: it may be a person after all.
        page = client.post(address, form | good | machine)
        assert page.status_code == 422
        text = page.content.decode()
        assert "press the button once more" in text
        assert "I worry.</textarea>" in text
        assert "spam" not in text
        assert 'name="stamp" value="made up"' not in text
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(hours=1))
    page = client.post(address, form | good)
    assert page.status_code == 422
    assert "I worry.</textarea>" in page.content.decode()
    monkeypatch.setattr(stamps, "QUICKEST", timedelta(0))
    monkeypatch.setattr(problem_page, "AN_HOUR", 1)
    page = client.post(address, form | good)
    assert page.status_code == 429
    assert "I worry.</textarea>" in page.content.decode()
    assert not Problem.objects.exists()


def test_a_report_goes_in_its_time_and_with_its_story(
    address, contributor, moderator, stranger, clock
):
    client = stranger.client
    for words in ("first", "second"):
        client.post(address, open_form(client, address) | {"about": "broken", "words": words})
    first, second = Problem.objects.order_by("pk")
    [rule] = [rule for rule in RULES if rule.name == "reports forgotten"]
    press(moderator, first, "hide")
    press(moderator, first, "close", outcome="mended")
    clock.set(days=project.REPORT_DAYS + 1)
    assert rule.enforce() == 0  # it still holds the story back
    clock.set()
    press(moderator, first, "back")
    clock.set(days=project.REPORT_DAYS - 1)
    assert rule.enforce() == 0
    clock.set(days=project.REPORT_DAYS + 1)
    assert rule.enforce() == 1
    assert not keys.exists(first.key)
    assert keys.exists(second.key)
    clock.set()
    contributor.destroy()
    work()
    assert Contribution.objects.get().state == "erased"
    assert not Problem.objects.exists()
    assert list(Path(project.KEYS_DIR).glob("*.key")) == []


def test_who_left_an_address_gets_an_answer_that_says_nothing_of_what_they_told(
    address, moderator, stranger, mailoutbox, settings, caplog
):
    client = stranger.client
    told = {"about": "in_it", "words": SAID, "email": "ann@example.org"}
    client.post(address, open_form(client, address) | told)
    [problem] = Problem.objects.all()
    mailoutbox.clear()
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{sending.__name__}.Refusing"
    said = press(moderator, problem, "close", outcome="down", answer="It stays off the site.")
    assert "your answer is on its way" in said
    assert "already" in press(moderator, problem, "close", outcome="nothing", answer="No.")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert send_answers.func() == 0
        assert Answer.objects.get().attempts == attempt
        Answer.objects.update(due_at=timezone.now())
    assert ring_answers() == 0
    assert "ann@" not in caplog.text
    page = moderator.client.get(f"{DESK}{problem.pk}/").content.decode()
    assert "It could not be sent:" in page
    # Whoever looks after the mail has mended it.
    settings.EMAIL_BACKEND = usual
    assert "tried again now" in press(moderator, problem, "answer")
    work()
    [mail] = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert "It stays off the site." in mail.body
    assert "zanthorpe" not in mail.body + mail.subject
    page = moderator.client.get(f"{DESK}{problem.pk}/").content.decode()
    assert re.search(r"Sent 0\W+minutes ago", page)
    assert "Try again" not in page


def test_moderators_are_written_to_of_what_cannot_wait_and_learn_nothing_by_mail(
    address, moderator, stranger, mailoutbox
):
    people = get_user_model().objects
    people.filter(username="moderator").update(email="desk@example.org")
    people.create_user("editor", email="editor@example.org")
    told = {"words": SAID, "email": "ann@example.org"}
    for about in ("broken", "worries", "in_it", "in_it"):
        client = stranger.client
        client.post(address, open_form(client, address) | told | {"about": about})
    *_, closed = Problem.objects.order_by("pk")
    press(moderator, closed, "close", outcome="nothing")
    mailoutbox.clear()
    work()
    assert [mail.to for mail in mailoutbox] == [["desk@example.org"]] * 2
    waits = Problem.objects.filter(about__in=["worries", "in_it"]).exclude(pk=closed.pk)
    for problem, mail in zip(waits.order_by("pk"), mailoutbox, strict=True):
        assert f"{project.SITE_ADDRESS}{DESK}{problem.pk}/\n" in mail.body
        said = (mail.subject + mail.body).lower()
        for private in ("zanthorpe", "ann@example", "kettle", problem.contribution.reference):
            assert private.lower() not in said
    mailoutbox.clear()
    tick()
    work()
    assert mailoutbox == []


def test_only_moderators_see_what_was_told(address, stranger):
    client = stranger.client
    client.post(address, open_form(client, address) | {"about": "in_it", "words": SAID})
    [problem] = Problem.objects.all()
    for page in ("", f"{problem.pk}/", f"{problem.pk}/hide/"):
        answer = client.post(DESK + page) if page.endswith("hide/") else client.get(DESK + page)
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
    assert Contribution.objects.get().state == "published"
