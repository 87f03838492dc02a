"""The search server away for a while: the site reads on, search rests, and writes catch up."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from archive.settings import engines
from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.ledger import Closing
from stories.publishing.reconcile import remnants_of
from stories.publishing.runs import StepRun
from stories.publishing.tick import tick
from tests import faults
from tests.people import Contributor, work

pytestmark = pytest.mark.stack


@pytest.fixture
def door(site, settings):
    with faults.door_to(engines.ELASTICSEARCH_URL) as door:
        settings.ELASTICSEARCH_URL = door.address
        yield door


@pytest.fixture
def told(contributor, moderator, stranger, door):
    """One story that is found, and the address of its page."""
    contributor.tell("The garlic is up", "Jean put another note through the door.")
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    assert address in stranger.search("garlic")
    return address


def looked(stranger, words: str = "garlic"):
    return stranger.client.get("/search/", {"q": words})


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_story_published_meanwhile_is_found_afterwards(told, moderator, stranger, door, fault):
    getattr(door, fault)()
    Contributor().tell("The leeks are up", "And the rhubarb.")
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()

    [address] = set(stranger.stories()) - {told}
    assert stranger.client.get(address).status_code == 200
    answer = looked(stranger)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    page = answer.content.decode()
    assert "Search is resting" in page
    assert 'href="/stories/"' in page
    assert "No story speaks" not in page
    assert stranger.client.get("/search/").status_code == 200
    run = StepRun.objects.get(contribution__reference=reference, step="search")
    assert (run.state, run.problem) == ("failed", "SearchAway")

    door.open()
    assert looked(stranger).status_code == 200
    assert told in stranger.search("garlic")
    assert address not in stranger.search("rhubarb")
    tick()
    work()
    assert address in stranger.search("rhubarb")
    run.refresh_from_db()
    assert run.state == "open"


@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_story_taken_back_meanwhile_is_hidden_at_once_and_gone_afterwards(
    told, contributor, stranger, door, fault
):
    getattr(door, fault)()
    assert contributor.destroy().status_code < 400
    assert stranger.client.get(told).status_code == 410
    assert stranger.stories() == []
    work()
    story = Contribution.objects.get()
    assert story.state == State.WITHDRAWN, "the receipt waits for all of it"
    assert Closing.objects.filter(step="search").exclude(state=Closing.State.DONE).exists()
    assert "It is all gone" not in contributor.my_page()

    # It answers again before any worker has come: what it still holds is not found.
    door.open()
    answer = looked(stranger)
    assert answer.status_code == 200
    assert told not in answer.content.decode()
    assert "No story speaks" in answer.content.decode()
    assert {key for key, _ in search.stored_texts()} == {story.reference}

    tick()
    work()
    story.refresh_from_db()
    assert story.state == State.ERASED
    assert remnants_of(story) == {}
    assert list(search.stored_texts()) == []
    assert not Closing.objects.exclude(state=Closing.State.DONE).exists()
    assert "It is all gone" in contributor.my_page()


def test_a_lost_index_is_made_again_from_the_stories(told, contributor, stranger, capsys):
    from search.engines import elastic_index
    from search.engines.elastic_client import WRITING, client

    for index in elastic_index.indexes():
        client(WRITING).indices.delete(index=index.name)
    assert looked(stranger).status_code == 503
    assert "rebuild_search" in search.problem()
    call_command("rebuild_search")
    assert "1 stories can be found" in capsys.readouterr().out
    assert told in stranger.search("garlic")
    assert search.problem() == ""
    contributor.destroy()
    work()
    assert Contribution.objects.get().state == State.ERASED
