"""Whatever happens at the same time: nothing withdrawn comes back, and every ledger ends done."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from media_pipeline import api as media
from media_pipeline import tasks as media_tasks
from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.pages.models import StoryPage
from stories.publishing.documents import document_of
from stories.publishing.ledger import Closing
from stories.publishing.reconcile import remnants_of
from stories.publishing.steps import STEPS
from stories.publishing.tick import tick
from tests import processes, recordings
from tests.people import work


def the_story() -> Contribution:
    return Contribution.objects.get()


def assert_gone(stranger, address: str = "") -> None:
    """Nothing of the one story is left anywhere, and its ledger is done."""
    story = the_story()
    assert story.state == State.ERASED
    assert remnants_of(story) == {}
    assert not Closing.objects.exclude(state=Closing.State.DONE).exists()
    assert Closing.objects.filter(step="sources", thing="key").exists()
    assert stranger.stories() == []
    assert not StoryPage.objects.exists()
    if address:
        assert stranger.client.get(address).status_code == 410


def published(contributor, moderator, stranger, **told) -> str:
    contributor.tell("The garlic is up", "Jean put another note through the door.", **told)
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    return address


def kill_in_step(step: str, when: str) -> None:
    """A worker takes up the story, and dies in that step."""
    given = {"id": the_story().pk, "step": step, "when": when}
    command = [sys.executable, "-m", "tests.flows.killed", json.dumps(given)]
    done = subprocess.run(command, cwd=processes.ROOT, env=processes.environment(), timeout=60)
    assert done.returncode == -signal.SIGKILL, "it did not come to that step"


def let_the_lease_run_out() -> None:
    Contribution.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


EVERY_DAY = {"page", "sources"}  # each takes ten seconds; the others are in make test-long


@pytest.mark.parametrize(
    ("step", "when"),
    [
        ("search", "before"),
        *(
            pytest.param(
                step.name, "after", marks=[] if step.name in EVERY_DAY else [pytest.mark.long]
            )
            for step in STEPS
        ),
    ],
)
def test_a_worker_killed_in_any_step_of_a_withdrawal_loses_nothing(
    contributor, moderator, stranger, step, when
):
    address = published(contributor, moderator, stranger)
    contributor.destroy()
    assert stranger.client.get(address).status_code == 410  # the deciding transaction was enough
    kill_in_step(step, when)
    assert stranger.stories() == []
    let_the_lease_run_out()
    tick()
    work()
    assert_gone(stranger, address)


def test_a_worker_killed_while_opening_does_not_leave_a_story_open(
    contributor, moderator, stranger
):
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    kill_in_step("page", "after")
    assert len(stranger.stories()) == 1  # the page stands, search does not know it yet
    contributor.destroy()
    assert stranger.stories() == []
    let_the_lease_run_out()
    tick()
    work()
    assert_gone(stranger)


def test_a_draft_that_is_thrown_away_while_its_file_is_on_the_way(
    contributor, stored_files, monkeypatch
):
    contributor.begin("recording")
    keep = media.receive

    def overtaken(file, **whose):
        asset = keep(file, **whose)
        contributor.client.post("/share-your-story/throw-away/")
        return asset

    monkeypatch.setattr(media, "receive", overtaken)
    response = contributor.upload(recordings.sound("mp3", 1))
    assert response.status_code == 409
    assert "in another window" in response.content.decode()
    assert stored_files() == []
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "stage",
    [
        "transcode",
        "transcribe",
        pytest.param("probe", marks=pytest.mark.long),
        pytest.param("clean", marks=pytest.mark.long),
    ],
)
def test_a_withdrawal_in_the_middle_of_any_stage(
    contributor, stranger, stored_files, monkeypatch, stage
):
    """The stage is done, and the story is taken back before its result is written."""
    from media_pipeline.stages import STAGES

    heard = "yes" if stage == "transcribe" else "no"
    contributor.tell(recording=recordings.sound("mp3", 1), transcribe=heard)
    taken = []

    def overtaken(given):
        result = STAGE.run(given)
        if not taken:
            taken.append(stage)
            contributor.destroy()
        return result

    STAGE = STAGES[stage]
    kept = (STAGE.name, STAGE.label, STAGE.weight, overtaken, STAGE.profile)
    monkeypatch.setitem(STAGES, stage, type(STAGE)(*kept))
    work()
    monkeypatch.undo()
    tick()
    work()
    assert taken == [stage]
    assert stored_files() == []
    assert_gone(stranger)


def test_a_late_job_finds_nothing_to_do(contributor, moderator, stranger, stored_files):
    published(contributor, moderator, stranger, recording=recordings.sound("mp3", 1))
    asset = the_story().upload.asset_id
    contributor.destroy()
    work()
    media_tasks.run_asset.call(str(asset))  # a message that came twice, or a day late
    assert media.remnants(asset) == []
    assert stored_files() == []
    assert_gone(stranger)


def test_a_withdrawal_before_approval_and_an_approval_after_it(contributor, moderator, stranger):
    contributor.tell("The garlic is up")
    [reference] = moderator.waiting()
    contributor.destroy()
    moderator.approve(reference)  # from a page that was opened before
    work()
    assert_gone(stranger)


def test_a_withdrawal_while_a_story_waits_to_go_out(contributor, moderator, stranger, settings):
    settings.COOLING_OFF_DAYS = 7
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    assert the_story().state == State.WAITING
    contributor.destroy()
    Contribution.objects.update(publish_after=timezone.now())
    assert tick()["stories published"] == 0
    work()
    assert_gone(stranger)


def test_a_rebuild_that_read_a_story_before_it_was_taken_back(contributor, moderator, stranger):
    address = published(contributor, moderator, stranger)
    story = the_story()
    old = (document_of(story), story.epoch)

    def documents():
        contributor.destroy()  # while the rebuild holds what it read
        work()
        yield old

    search.rebuild(documents())
    assert "garlic" not in stranger.search("garlic").partition("results")[2]
    tick()  # a search server can't rewrite its files in the middle of a rebuild
    work()
    assert search.remnants(story.reference) == []
    assert_gone(stranger, address)


def test_a_withdrawal_while_a_feed_is_being_made(contributor, moderator, stranger, monkeypatch):
    """That one answer was read before; whoever asks again with its validators gets another."""
    from stories import feeds

    published(contributor, moderator, stranger, recording=recordings.sound("mp3", 1))
    reference, feed, make = the_story().reference, "/podcasts/stories/feed.xml", feeds.feed_of

    def overtaken(*given):
        made = make(*given)
        contributor.destroy()
        return made

    monkeypatch.setattr(feeds, "feed_of", overtaken)
    caught = stranger.client.get(feed)
    assert reference in caught.content.decode()
    monkeypatch.setattr(feeds, "feed_of", make)
    for asked in (
        {"If-None-Match": caught["ETag"]},
        {"If-Modified-Since": caught["Last-Modified"]},
    ):
        again = stranger.client.get(feed, headers=asked)
        assert again.status_code == 200
        assert reference not in again.content.decode()
    work()
    assert_gone(stranger)


def test_a_pause_and_a_page_left_open_do_not_undo_a_withdrawal(contributor, moderator, stranger):
    address = published(contributor, moderator, stranger)
    contributor.client.post("/my-story/rest/")
    contributor.destroy()
    contributor.client.post("/my-story/rest/")  # "Put it back", in a window left open
    work()
    assert_gone(stranger, address)


def test_storage_that_is_away_is_tried_again(
    contributor, moderator, stranger, stored_files, monkeypatch
):
    address = published(contributor, moderator, stranger, recording=recordings.sound("mp3", 1))

    def away(*args):
        raise OSError("the store is away")

    monkeypatch.setattr("media_pipeline.storage.wipe", away)
    contributor.destroy()
    work()
    assert stranger.client.get(address).status_code == 410
    story = the_story()
    assert story.state == State.WITHDRAWN
    waiting = Closing.objects.filter(contribution=story, state=Closing.State.FAILED)
    assert set(waiting.values_list("problem", flat=True)) == {"OSError"}
    monkeypatch.undo()
    tick()
    work()
    assert stored_files() == []
    assert_gone(stranger, address)


def test_search_that_is_away_is_tried_again(contributor, moderator, stranger, monkeypatch):
    address = published(contributor, moderator, stranger)

    def away(*args):
        raise OperationalError("the index is away")

    monkeypatch.setattr("search.api.remove", away)
    contributor.destroy()
    work()
    assert "garlic" not in stranger.search("garlic").partition("results")[2]
    assert the_story().state == State.WITHDRAWN
    assert the_story().step_runs.get(step="page").state == "closed"
    monkeypatch.undo()
    tick()
    work()
    assert_gone(stranger, address)


def test_two_windows_that_take_and_give_at_the_same_time(contributor, moderator, stranger):
    """However they fall, the records are whole, and the last word is what the doors follow."""
    from stories.consent import chain
    from stories.consent.models import current_statement
    from stories.consent.reading import consents_of
    from stories.consent.record import Answer, newest
    from stories.publishing.answer import answer

    published(contributor, moderator, stranger)
    start = threading.Barrier(4)

    def press(said: str) -> None:
        start.wait(10)
        for _ in range(3):
            answer(the_story(), Answer(current_statement("site_search"), said))
            time.sleep(0.01)
        connections.close_all()

    windows = [threading.Thread(target=press, args=(said,)) for said in ("yes", "no") * 2]
    for window in windows:
        window.start()
    for window in windows:
        window.join(60)
    work()
    story = the_story()
    last = newest(story.contributor_key, "site_search")
    allowed = "site_search" in consents_of(story.contributor_key).given
    assert allowed is bool(last.allows)
    assert bool(stranger.stories()) is allowed
    assert list(chain.problems()) == []
    assert story.reconciled_epoch == story.epoch
