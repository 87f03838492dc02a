"""The contributor's own page: what was changed is looked at; waiting, resting, taking down."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.states import State
from stories.mine import gone
from stories.mine.changes import changes
from stories.publishing.approve import Description, approve
from stories.publishing.ledger import OutsideCopy
from stories.publishing.withdraw import withdraw
from tests.people import work
from tests.stories.mine.ones_own import HOME, WORDS, hidden, staff, text_of

# Look and agree.


@pytest.fixture
def edited(story) -> Contribution:
    changed = WORDS.replace("Jean", "A neighbour")
    approve(story, staff(), Description(title="The garlic came up", words=changed))
    story.refresh_from_db()
    return story


def test_what_was_changed_is_shown_and_goes_out_after_a_yes(contributor, edited, stranger):
    assert "We changed something. Please look." in text_of(contributor.client.get(HOME))
    response = contributor.client.get(HOME + "agree/")
    page = response.content.decode()
    assert re.search(r"<del>.*Jean.*</del>", page)
    assert re.search(r"<ins>.*A neighbour.*</ins>", page)
    assert re.search(r"<ins>.*came.*</ins>", page)
    stale = contributor.client.post(HOME + "agree/", {"version": "7", "answer": "yes"})
    assert stale.status_code == 409
    contributor.client.post(HOME + "agree/", hidden(response) | {"answer": "yes"})
    work()
    [address] = stranger.stories()
    assert "A neighbour put a note" in text_of(stranger.client.get(address))
    # A second click finds it done.
    again = contributor.client.post(HOME + "agree/", hidden(response) | {"answer": "yes"})
    assert again.status_code == 302


def test_not_like_this_goes_back_with_what_was_written(contributor, edited, stranger):
    page = contributor.client.get(HOME + "agree/")
    long = "It was Jean. " * 500
    refused = contributor.client.post(HOME + "agree/", hidden(page) | {"answer": "no", "why": long})
    assert refused.status_code == 422
    assert long.strip() in refused.content.decode()
    contributor.client.post(HOME + "agree/", hidden(page) | {"answer": "no", "why": "It was Jean."})
    edited.refresh_from_db()
    assert edited.state == State.IN_REVIEW
    assert edited.private.objection == "It was Jean."
    assert "It was Jean." in text_of(contributor.client.get(HOME))
    assert stranger.stories() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "New."),
        ("One two three.\n\nFour.", "One 2 three.\r\n\r\nFour.\n\nFive."),
        ("  a  b\n\n\n\nc", "a b\nc"),
        ("same " * 3000, "same " * 2999 + "other"),
    ],
)
def test_changes_hold_both_texts_whole(before, after):
    pieces = changes(before, after)
    assert "".join(p.text for p in pieces if p.kind != "gone") == after.replace("\r\n", "\n")
    assert "".join(p.text for p in pieces if p.kind != "added") == before


# Waiting, resting, taking down.


def test_a_waiting_story_is_stopped_with_one_tap(contributor, story, stranger, settings):
    settings.COOLING_OFF_DAYS = 7
    approve(story, staff())
    page = text_of(contributor.client.get(HOME))
    goes = timezone.localtime(timezone.now() + timedelta(days=7))
    assert f"It goes out on {goes.day} {goes:%B %Y}" in page
    for _ in range(2):  # a double click
        contributor.client.post(HOME + "rest/", {"to": "rest"})
    story.refresh_from_db()
    assert story.state == State.PAUSED
    # Letting it go on does not cut the days short.
    for _ in range(2):
        contributor.client.post(HOME + "rest/", {"to": "back"})
    story.refresh_from_db()
    assert story.state == State.WAITING
    contributor.client.post(HOME + "rest/", {"to": "rest"})
    Contribution.objects.update(publish_after=timezone.now())
    assert "Let it go out now" in text_of(contributor.client.get(HOME))
    contributor.client.post(HOME + "rest/", {"to": "back"})
    story.refresh_from_db()
    assert story.state == State.PUBLISHED
    work()
    assert len(stranger.stories()) == 1


def test_taken_down_then_kept_then_destroyed(contributor, published, stranger):
    [address] = stranger.stories()
    response = contributor.client.post(HOME + "take-down/", follow=True)
    assert stranger.client.get(address).status_code == 410
    published.refresh_from_db()
    until = timezone.localtime(published.destroy_after)
    assert f"we destroy it on {until.day} {until:%B %Y}" in text_of(response)
    work()
    kept = contributor.client.post(HOME + "keep/", follow=True)
    assert "The garlic is up" in text_of(kept)
    assert "Jean" not in text_of(kept)
    copy = contributor.client.get(HOME + "copy/")
    assert b"Jean put a note" in b"".join(copy.streaming_content)
    copies = OutsideCopy.objects.filter(contribution=published)
    assert copies.exists()
    assert copies[0].holder in text_of(kept)
    assert contributor.client.get(HOME + "agreed/site_search/").status_code == 302
    for _ in range(2):
        contributor.client.post(HOME + "destroy/")
    assert contributor.client.get(HOME + "copy/").status_code == 302
    work()
    page = text_of(contributor.client.get(HOME))
    assert "It is all gone" in page
    assert "garlic" not in page
    assert copies[0].holder in page


def test_nothing_is_destroyed_that_was_not_taken_down(contributor, published):
    contributor.client.post(HOME + "destroy/")
    published.refresh_from_db()
    assert published.state == State.PUBLISHED


def test_taking_down_wins_over_a_decision_in_the_same_moment(contributor, story, monkeypatch):
    tries = []

    def overtaken(contribution, **more):
        tries.append(contribution.state)
        if len(tries) == 1:
            Contribution.objects.filter(pk=contribution.pk).update(state=State.IN_REVIEW)
            raise NotPossible("no longer submitted")
        return withdraw(contribution, **more)

    monkeypatch.setattr(gone, "withdraw", overtaken)
    response = contributor.client.post(HOME + "take-down/", follow=True)
    assert "It is off the site" in text_of(response)
    assert tries == [State.SUBMITTED, State.IN_REVIEW]


def test_whether_the_recording_stays_is_for_recordings_only(contributor, story):
    contributor.client.post(HOME + "original/", {"keep": "no"})
    story.refresh_from_db()
    assert story.keep_original
    Contribution.objects.update(kind=Contribution.Kind.RECORDING)
    Upload.objects.create(
        contribution=story, asset_id=uuid.uuid4(), kind="audio", size=1, seconds=1
    )
    contributor.client.post(HOME + "original/", {"keep": "perhaps"})
    contributor.client.post(HOME + "original/", {"keep": "no"})
    story.refresh_from_db()
    assert not story.keep_original
