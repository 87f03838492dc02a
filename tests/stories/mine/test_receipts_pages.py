"""Receipts as their owner meets them: whose they are, what stands in them, how long they stay."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from stories.consent.events import Receipt
from stories.consent.models import Statement, current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.mine.taken_back import WHO_ASKS, closed_of
from stories.publishing.answer import answer
from stories.publishing.ledger import Closing, OutsideCopy
from stories.publishing.steps import STEPS
from stories.publishing.things import OTHER, kind_of
from tests.people import Contributor, work

LIST = "/my-story/receipts/"


def newest(kind: str) -> Receipt:
    return Receipt.objects.filter(kind=kind).latest("issued_at")


def page_of(contributor: Contributor, receipt: Receipt) -> str:
    return contributor.client.get(f"{LIST}{receipt.pk}/").content.decode()


def test_a_receipt_says_what_was_shown_and_said(contributor):
    contributor.tell("A title of my own", "Words of my own.", publish_text="yes", site_search="no")
    receipt = newest("given")
    assert str(receipt.pk) in contributor.client.get(LIST).content.decode()
    response = contributor.client.get(f"{LIST}{receipt.pk}/")
    page = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "<title>Receipt</title>" in page
    story = Contribution.objects.get()
    asked = current_statement("publish_text")
    for told in (
        story.reference, str(story.contributor_key), str(receipt.pk), asked.question, asked.sha256,
    ):  # fmt: skip
        assert told in page
    # Nothing of the story itself: a receipt may lie about on a table.
    assert "of my own" not in page


def test_a_change_makes_the_next_receipt_and_leaves_the_first_as_it_was(contributor, moderator):
    contributor.tell(site_search="yes")
    first = newest("given")
    before = page_of(contributor, first)
    Statement.objects.create(
        purpose_id="site_search", version=2, question="May people find it?", text="In our search.",
        change=Statement.Change.TYPO,
    )  # fmt: skip
    answer(Contribution.objects.get(), Answer(current_statement("site_search"), "no"))
    assert page_of(contributor, first) == before
    after = page_of(contributor, newest("changed"))
    assert "Taken back" in after
    assert "Before that: Yes" in after
    assert "May people find it?" in after
    assert "May people find it?" not in before


def test_the_data_is_a_file_with_a_name_that_says_nothing(contributor):
    contributor.tell()
    receipt = newest("given")
    response = contributor.client.get(f"{LIST}{receipt.pk}/receipt.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    assert response["Content-Disposition"] == 'attachment; filename="receipt.jsonld"'
    assert "no-store" in response["Cache-Control"]
    data = json.loads(response.content)
    assert data["@type"] == "dpv:ConsentReceipt"
    assert data["dct:identifier"] == str(receipt.pk)


def test_nobody_elses_receipt_is_there(contributor, stranger):
    contributor.tell()
    receipt = newest("given")
    other = Contributor().tell("Another title")
    for address in (f"{LIST}{receipt.pk}/", f"{LIST}{receipt.pk}/receipt.jsonld"):
        assert other.client.get(address).status_code == 404
        assert "Come in" in stranger.client.get(address).content.decode()
        assert contributor.client.get(address).status_code == 200
    assert str(receipt.pk) not in other.client.get(LIST).content.decode()


def test_after_everything_is_destroyed_the_receipt_says_what_went_and_what_cannot(
    contributor, moderator
):
    contributor.tell("The garlic is up", external_search_engines="yes", podcast_syndication="no")
    moderator.approve(moderator.waiting()[0])
    work()
    contributor.destroy()
    work()
    story = Contribution.objects.get()
    assert story.erased_at
    assert str(newest("withdrawn").pk) in contributor.client.get(LIST).content.decode()
    page = page_of(contributor, newest("withdrawn"))
    assert "What was destroyed" in page
    assert "The key that your words were locked with" in page
    assert "not yet: we are still at it" not in page
    assert "Google, Bing and others" in page
    assert "one of us will ask for it" in page
    assert "garlic" not in page
    data = json.loads(
        contributor.client.get(f"{LIST}{newest('withdrawn').pk}/receipt.jsonld").content
    )
    assert len(data["dpv:hasOutcome"]) == len(closed_of(story)) + story.outside_copies.count()
    # What was agreed at first can be read as before.
    assert "What was destroyed" not in page_of(contributor, newest("given"))


def test_what_is_not_gone_yet_is_not_called_gone(contributor):
    contributor.tell()
    story = Contribution.objects.get()
    for thing, state in (("version 1", "done"), ("version 2", "failed")):
        done = timezone.now() if state == "done" else None
        story.closings.create(step="sources", thing=thing, state=state, done_at=done)
    [versions] = closed_of(story)
    assert (versions.count, versions.done, versions.when) == (2, False, None)


@pytest.mark.parametrize(
    ("step", "thing"),
    [
        ("sources", "upload 5e0a"),
        ("sources", "originals: 5e/0a"),
        ("sources", "sealed words"),
        ("sources", "sealed name 7"),
        ("sources", "mediaasset: 1"),
        ("sources", "mediajob: 3"),
        ("sources", "transcriptcue: 12"),
        ("sources", "rendition: 9"),
        ("sources", "renditions: 5e/0a"),
        ("sources", "request 4"),
        ("sources", "key"),
        ("media", "rendition story.mp3"),
        ("page", "page"),
        ("search", "document"),
    ],
)
def test_every_thing_that_steps_name_has_words(step, thing):
    assert step in {each.name for each in STEPS}
    assert kind_of(Closing(step=step, thing=thing)) != OTHER


def test_every_state_of_a_copy_outside_says_who_asks():
    assert set(WHO_ASKS) == set(OutsideCopy.State)
