"""Steps follow the decision in force, whatever order things happen in."""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from stories import journal
from stories.consent.models import Statement, current_statement
from stories.consent.record import Answer, record
from stories.contributions import keys
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion
from stories.pages.models import StoryPage
from stories.publishing import reconcile as reconciling
from stories.publishing.answer import answer
from stories.publishing.publish import publish
from stories.publishing.steps import STEPS
from stories.publishing.tick import tick
from stories.publishing.withdraw import withdraw
from tests.people import work


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", "Jean put another note through the door.")
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    return Contribution.objects.get(reference=reference)


def test_a_withdrawal_in_the_middle_of_opening_wins(contributor, moderator, stranger, monkeypatch):
    """The page step has just opened when the contributor takes the story back."""
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])

    at = [step.name for step in STEPS].index("page")

    def open_and_be_overtaken(story):
        STEPS[at].open(story)
        fresh = Contribution.objects.get(pk=story.pk)
        if not fresh.is_taken_back:
            withdraw(fresh, destroy_after=timezone.now())

    late = replace(STEPS[at], open=open_and_be_overtaken)
    monkeypatch.setattr(reconciling, "STEPS", (*STEPS[:at], late, *STEPS[at + 1 :]))
    work()
    assert stranger.stories() == []
    assert not StoryPage.objects.exists()
    assert Contribution.objects.get().state == State.ERASED


def test_a_withdrawal_while_the_lease_is_given_back_is_not_left_lying(
    contributor, moderator, monkeypatch
):
    """Its bell finds the lease taken, so whoever gives it back has to look once more."""
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    finish = reconciling._finish

    def finish_and_be_overtaken(story):
        outcome = finish(story)
        fresh = Contribution.objects.get(pk=story.pk)
        if not fresh.is_taken_back:
            withdraw(fresh, destroy_after=timezone.now())
            work()  # the bell, answered by another worker
        return outcome

    monkeypatch.setattr(reconciling, "_finish", finish_and_be_overtaken)
    work()
    assert Contribution.objects.get().state == State.ERASED


def test_who_has_lost_the_lease_does_nothing_more(contributor, moderator, stranger, monkeypatch):
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    run, runs = reconciling._run, []

    def lose_the_lease(step, story, wanted):
        runs.append(step.name)
        if len(runs) == 1:
            Contribution.objects.filter(pk=story.pk).update(
                lease_token=uuid.uuid4(), lease_until=timezone.now() + timedelta(minutes=1)
            )
        return run(step, story, wanted)

    monkeypatch.setattr(reconciling, "_run", lose_the_lease)
    assert reconciling.reconcile(Contribution.objects.get().pk) is False
    assert len(runs) == 1


def test_one_failing_step_does_not_keep_the_others_open(published, stranger, monkeypatch):
    def broken(story):
        raise OSError("the disk is away")

    steps = [replace(step, close=broken) if step.name == "media" else step for step in STEPS]
    monkeypatch.setattr(reconciling, "STEPS", tuple(steps))
    withdraw(published, destroy_after=timezone.now())
    work()
    published.refresh_from_db()
    assert published.state == State.WITHDRAWN
    assert published.step_runs.get(step="media").problem == "OSError"
    assert published.step_runs.get(step="page").state == "closed"
    assert not keys.exists(published.contributor_key)

    monkeypatch.undo()
    tick()  # a minute later
    work()
    published.refresh_from_db()
    assert published.state == State.ERASED
    assert reconciling.remnants_of(published) == {}


def test_a_lost_bell_is_rung_again(contributor, moderator, stranger, monkeypatch):
    contributor.tell("The garlic is up")
    with monkeypatch.context() as lost:
        lost.setattr("stories.publishing.tasks.reconcile_story", _NoBell())
        moderator.approve(moderator.waiting()[0])
        work()
    assert stranger.stories() == []
    assert tick()["stories rung"] == 1
    work()
    assert len(stranger.stories()) == 1


class _NoBell:
    def enqueue(self, *args):
        """The message is lost."""


@pytest.mark.embedded  # test_traces.py looks into PostgreSQL's files
def test_nothing_is_left_of_an_erased_story_but_that_it_is_gone(published, settings):
    title = b"garlic"
    database = Path(connection.settings_dict["NAME"])
    # Another process has the database open, so that closing ours does not tidy up for us.
    other = sqlite3.connect(database)
    other.execute("SELECT count(*) FROM stories_contribution").fetchall()
    withdraw(published, destroy_after=timezone.now())
    work()
    assert not StoryVersion.objects.exists()
    assert not StoryPage.objects.exists()
    published.refresh_from_db()
    assert published.sealed is None
    assert published.private.title == ""
    for path in (database, database.with_name(database.name + "-wal")):
        assert title not in path.read_bytes().lower()
    other.close()
    last = list(journal.read("withdrawn", "erased"))[-1]
    assert last["reference"] == published.reference


def test_pausing_hides_and_coming_back_shows_the_same_address(contributor, published, stranger):
    [address] = stranger.stories()
    contributor.client.post("/my-story/rest/")
    assert stranger.stories() == []
    assert stranger.client.get(address).status_code == 404
    assert "garlic" not in stranger.search("garlic").lower().partition("results")[2]
    work()
    contributor.client.post("/my-story/rest/")
    work()
    assert stranger.stories() == [address]


def test_a_consent_taken_back_closes_its_exit_at_once(published, stranger):
    assert len(stranger.stories()) == 1
    statement = Statement.objects.get(purpose="site_search")
    record(published.contributor_key, Answer(statement, "no"))
    assert stranger.stories() == []
    [address] = [StoryPage.objects.get().url]
    assert stranger.client.get(address).status_code == 200
    assert address not in stranger.search("garlic")


def test_one_purpose_taken_back_leaves_what_the_others_allow(published, stranger):
    """Search is hidden in the deciding transaction, and has to be let back by that decision."""
    [address] = stranger.stories()
    answer(published, Answer(current_statement("external_search_engines"), "no"))
    assert stranger.stories() == [address]
    work()
    assert address in stranger.search("garlic")


def test_no_outside_search_is_said_in_header_and_page(contributor, moderator, stranger):
    contributor.tell("The garlic is up", external_search_engines="later")
    moderator.approve(moderator.waiting()[0])
    work()
    response = stranger.client.get(stranger.stories()[0])
    assert response["X-Robots-Tag"].startswith("noindex, noarchive")
    assert 'content="noindex, noarchive' in response.content.decode()


def test_what_is_taken_back_cannot_be_published_again(published):
    withdraw(published)
    for verb in (publish, withdraw):
        with pytest.raises(NotPossible):
            verb(published)


def test_a_version_is_never_changed(published):
    version = published.versions.get()
    assert version.sha256 == version.fingerprint()
    version.title = "Another title"
    with pytest.raises(TypeError):
        version.save()
