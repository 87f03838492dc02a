"""A yes has its time. What it opened shuts at that second, and stays shut whatever clocks do."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from stories.consent.events import ConsentEvent
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import consents_of, latest_events
from stories.consent.record import Answer
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.states import State
from stories.letters.models import Letter
from stories.publishing.answer import answer
from stories.publishing.expiry import expire, running_out
from stories.publishing.tick import tick
from tests.people import Contributor, work

FIVE_YEARS = 365 * 5


@pytest.fixture
def story(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", "Jean put a note through the door.", email="ann@x.org")
    moderator.approve(moderator.waiting()[0])
    work()
    mail.outbox.clear()
    return Contribution.objects.get()


def say_yes(story: Contribution, purpose: str, **who) -> None:
    answer(Contribution.objects.get(pk=story.pk), Answer(current_statement(purpose), "yes"), **who)


def letters(kind: str) -> int:
    work()
    return Letter.objects.filter(kind=kind, state=Letter.State.SENT).count()


def test_every_exit_shuts_at_the_second_and_tick_writes_it_down(story, stranger, clock):
    [address] = stranger.stories()
    clock.set(days=FIVE_YEARS, hours=-1)
    assert tick()["people whose consents ended"] == 0
    assert stranger.stories() == [address]

    clock.set(days=FIVE_YEARS, minutes=1)
    assert exits_of(story) == frozenset()
    assert stranger.stories() == []
    assert stranger.client.get(address).status_code == 404
    assert not ConsentEvent.objects.filter(event_state="ConsentExpired").exists()

    epoch = story.epoch
    assert tick()["people whose consents ended"] == 1
    work()
    ended = ConsentEvent.objects.filter(event_state="ConsentExpired")
    assert set(ended.values_list("purpose", flat=True)) == {
        "publish_text", "site_search", "external_search_engines",
    }  # fmt: skip
    assert {(event.entity_id, event.indication_method) for event in ended} == {("archive", "clock")}
    story.refresh_from_db()
    assert story.epoch > epoch
    assert story.reconciled_epoch == story.epoch
    assert story.step_runs.get(step="page").state == "closed"
    assert letters("ended") == 1
    assert tick()["people whose consents ended"] == 0
    assert letters("ended") == 1

    # A clock that was ahead, and is set back: what was written down stands.
    clock.set()
    tick()
    work()
    assert exits_of(story) == frozenset()
    assert stranger.stories() == []

    say_yes(story, "publish_text")
    say_yes(story, "site_search")
    work()
    assert stranger.stories() == [address]
    renewed = {event.event_state for event in latest_events(story.contributor_key)}
    assert "RenewedConsentGiven" in renewed


def test_one_letter_at_ninety_and_one_at_thirty_days_whatever_the_clock_does(story, clock):
    for days, sent in ((-91, 0), (-89, 1), (-89, 1), (-31, 1), (-29, 2), (-89, 2), (0, 2), (-1, 2)):
        clock.set(days=FIVE_YEARS + days, hours=-1)
        tick()
        assert letters("ending") == sent, days
    assert len([letter for letter in mail.outbox if "runs out on" in letter.body]) == 2


def test_a_renewed_yes_is_not_reminded_of_and_a_short_one_not_at_once(contributor, clock):
    Purpose.objects.update(validity_days=60)
    contributor.tell(email="ann@x.org")
    tick()
    assert letters("ending") == 0
    story = Contribution.objects.get()
    clock.set(days=31)
    for event in latest_events(story.contributor_key):
        if event.is_yes:
            say_yes(story, event.purpose_id)
    tick()
    assert letters("ending") == 0


def test_on_silence_review_a_person_finds_it_until_it_is_answered(story, clock):
    silent = Contributor().tell("No address")
    assert silent.code
    without = Contribution.objects.get(email_hash="")
    clock.set(days=FIVE_YEARS - 40)
    assert list(running_out()) == []
    clock.set(days=FIVE_YEARS - 20)
    assert list(running_out()) == [story]
    clock.set(days=FIVE_YEARS + 1)
    assert set(running_out()) == {story, without}
    expire()
    assert set(running_out()) == {story, without}
    Contribution.objects.get(pk=without.pk).decide()
    for event in latest_events(story.contributor_key):
        if event.event_state == "ConsentExpired":
            answer(story, Answer(Statement.objects.get(purpose=event.purpose), "no"))
            story.refresh_from_db()
    assert list(running_out()) == [without]


def test_on_silence_unpublish_it_does_not_come_back_by_itself(story, stranger, clock, settings):
    settings.ON_SILENCE = "unpublish"
    clock.set(days=FIVE_YEARS - 20)
    assert list(running_out()) == []
    clock.set(days=FIVE_YEARS + 1)
    tick()
    work()
    story.refresh_from_db()
    assert story.state == State.PAUSED
    say_yes(story, "publish_text")
    say_yes(story, "site_search")
    work()
    assert stranger.stories() == []
    assert any("puts it back" in letter.body for letter in mail.outbox)


def test_somebody_else_in_it_has_a_time_of_their_own(story, stranger, clock):
    person = Participant.ask(story, "Jean")
    Purpose.objects.update(validity_days=400)
    for purpose in ("publish_text", "site_search"):
        say_yes(story, purpose, person=person)
    work()
    [address] = stranger.stories()
    clock.set(days=380)
    tick()
    assert letters("ending") == 1
    clock.set(days=401)
    assert stranger.client.get(address).status_code == 404
    assert tick()["people whose consents ended"] == 1
    assert letters("ended") == 1
    bodies = [" ".join(letter.body.split()) for letter in mail.outbox]
    assert [letter.to for letter in mail.outbox] == [["ann@x.org"]] * 2
    assert all(re.search("Somebody else who is in it needs to say yes again", b) for b in bodies)
    assert not any("open your page and say yes" in body for body in bodies)
    assert "publish_text" in consents_of(story.contributor_key).given
    assert consents_of(person.key).given == frozenset()
