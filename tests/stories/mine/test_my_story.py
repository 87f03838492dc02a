"""The contributor's own page: what is agreed, changed, looked at, taken down and destroyed."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from stories.consent.events import ConsentEvent, EventState, Receipt
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import By, Method, newest, request
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.states import State
from stories.mine import gone
from stories.mine.changes import changes
from stories.publishing.approve import Description, approve
from stories.publishing.ask import ask
from stories.publishing.ledger import OutsideCopy
from stories.publishing.withdraw import withdraw
from tests.people import Contributor, work

HOME = "/my-story/"
WORDS = "Jean put a note through the door.\n\nI planted garlic."


@pytest.fixture
def story(contributor) -> Contribution:
    contributor.tell("The garlic is up", WORDS, shown_name="Mo")
    return Contribution.objects.get()


@pytest.fixture
def published(story) -> Contribution:
    approve(story, staff())
    work()
    story.refresh_from_db()
    return story


def staff():
    return get_user_model().objects.get_or_create(username="ailsa")[0]


def by_staff() -> By:
    return By.staff(staff(), Method.WEB)


def text_of(response) -> str:
    """What the page says, without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hidden(response) -> dict[str, str]:
    """The hidden fields of a page's forms, as a browser would send them."""
    page = response.content.decode()
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def given(story: Contribution) -> frozenset[str]:
    return consents_of(story.contributor_key).given


# What is agreed.


def test_home_says_what_is_agreed_and_until_when(contributor, story):
    page = text_of(contributor.client.get(HOME))
    event = newest(story.contributor_key, "publish_text")
    until = timezone.localtime(event.expires_at)
    assert f"Show my words on this site Yes, until {until.day} {until:%B %Y} Change" in page
    assert "Write to me afterwards No Change" in page
    # Sound and picture are not asked about what was written.
    assert "podcast" not in page
    assert "voice" not in page
    assert "There are 7 more things" in page


def test_taking_one_thing_back_closes_it_at_once_and_only_once(contributor, published, stranger):
    address = HOME + "agreed/site_search/"
    assert len(stranger.stories()) == 1
    page = contributor.client.get(address)
    assert "Keep it" in text_of(page)
    posted = hidden(page) | {"answer": "take_back"}
    assert contributor.client.post(address, posted).status_code == 302
    assert stranger.stories() == []
    assert newest(published.contributor_key, "site_search").event_state == EventState.WITHDRAWN
    assert Receipt.objects.filter(kind=Receipt.Kind.CHANGED).count() == 1
    before = ConsentEvent.objects.count()
    contributor.client.post(address, posted)
    assert ConsentEvent.objects.count() == before
    assert "publish_text" in given(published)


def test_keeping_it_changes_nothing(contributor, story):
    before = ConsentEvent.objects.count()
    contributor.client.post(HOME + "agreed/site_search/", {"answer": "keep"})
    assert ConsentEvent.objects.count() == before


def test_a_yes_from_a_page_out_of_date_is_asked_again(contributor, story):
    address = HOME + "agreed/research_access/"
    old = hidden(contributor.client.get(address))
    for said in ("yes", "take_back"):
        contributor.client.post(address, hidden(contributor.client.get(address)) | {"answer": said})
    response = contributor.client.post(address, old | {"answer": "yes"})
    assert response.status_code == 409
    assert "You changed this in another window. It says “No” now." in text_of(response)
    assert "research_access" not in given(story)
    # What is shown again can be answered.
    contributor.client.post(address, hidden(response) | {"answer": "yes"})
    assert "research_access" in given(story)
    # Taking back always goes through.
    contributor.client.post(address, old | {"answer": "take_back"})
    assert "research_access" not in given(story)


def test_a_yes_is_for_the_words_on_the_screen(contributor, story):
    address = HOME + "agreed/research_access/"
    old = hidden(contributor.client.get(address))
    before = current_statement("research_access")
    newer = Statement.objects.create(
        purpose=before.purpose, version=2, question="May anyone study it?", text="New words."
    )
    response = contributor.client.post(address, old | {"answer": "yes"})
    assert response.status_code == 409
    assert "New words." in text_of(response)
    assert "research_access" not in given(story)
    contributor.client.post(address, hidden(response) | {"answer": "yes"})
    assert newest(story.contributor_key, "research_access").statement == newer


def test_a_wider_question_leaves_the_old_yes_until_it_is_all_taken_back(contributor, story):
    wider = Statement.objects.create(
        purpose=current_statement("site_search").purpose,
        version=2, scope=2, question="May other sites find it?", text="On other sites too.",
    )  # fmt: skip
    request(story.contributor_key, wider, by_staff())
    assert "We have a question for you" in text_of(contributor.client.get(HOME))
    address = HOME + "agreed/site_search/"
    page = contributor.client.get(address)
    assert "On other sites too." in text_of(page)
    contributor.client.post(address, hidden(page) | {"answer": "no"})
    assert consents_of(story.contributor_key).scope["site_search"] == 1
    assert "We have a question" not in text_of(contributor.client.get(HOME))
    contributor.client.post(address, {"answer": "take_back"})
    assert "site_search" not in given(story)


def test_a_yes_that_runs_out_soon_can_be_kept(contributor, story, monkeypatch):
    later = timezone.now() + timedelta(days=365 * 5 - 30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    contributor.client.get(contributor.link)
    contributor.client.cookies["my_story"]["expires"] = ""
    address = HOME + "agreed/site_search/"
    page = contributor.client.get(address)
    assert "Keep it until" in text_of(page)
    contributor.client.post(address, hidden(page) | {"answer": "yes"})
    event = newest(story.contributor_key, "site_search")
    assert event.event_state == EventState.RENEWED
    assert event.expires_at > later + timedelta(days=364 * 5)


@pytest.mark.parametrize(
    ("purpose", "says"),
    [("podcast_syndication", "That question isn't for your story"), ("nothing_known", "")],
)
def test_what_cannot_be_asked_is_refused(contributor, story, purpose, says):
    before = ConsentEvent.objects.count()
    address = f"{HOME}agreed/{purpose}/"
    for response in (
        contributor.client.get(address),
        contributor.client.post(address, {"answer": "yes"}),
    ):
        assert response.status_code == 404
        assert says in response.content.decode().replace("&#x27;", "'")
    assert ConsentEvent.objects.count() == before


@pytest.mark.parametrize("posted", [{}, {"answer": "perhaps"}, {"answer": "yes", "seen": "x"}])
def test_an_answer_that_is_none_changes_nothing(contributor, story, posted):
    response = contributor.client.post(HOME + "agreed/research_access/", posted)
    assert response.status_code in {409, 422}
    assert 'role="alert"' in response.content.decode()
    assert "research_access" not in given(story)


def test_another_voice_is_a_taking_back_and_ones_own_a_yes(contributor, story):
    Contribution.objects.update(kind=Contribution.Kind.RECORDING)
    Upload.objects.create(
        contribution=story, asset_id=uuid.uuid4(), kind="audio", size=1, seconds=1
    )
    address = HOME + "agreed/show_unaltered_voice/"
    page = contributor.client.get(address)
    contributor.client.post(address, hidden(page) | {"answer": "own"})
    assert "show_unaltered_voice" in given(story)
    contributor.client.post(address, hidden(page) | {"answer": "disguised"})
    assert "show_unaltered_voice" not in given(story)
    assert consents_of(story.contributor_key).choices["show_unaltered_voice"] == "disguised"
    assert contributor.client.post(address, hidden(page) | {"answer": "own"}).status_code == 409


def test_requests_by_name_are_answered_one_by_one(contributor, story):
    asks = [
        ask(story, "partner_reuse", name, "on their website", by=by_staff())
        for name in ("See Me", "VOX")
    ]
    assert "See Me would like to show your story" in text_of(contributor.client.get(HOME))
    for asked in asks:
        address = f"{HOME}asked/{asked.key}/"
        page = contributor.client.get(address)
        assert "on their website" in text_of(page)
        for _ in range(2):  # a double click
            contributor.client.post(address, hidden(page) | {"answer": "yes"})
    allowed = consents_of(story.contributor_key).recipients
    assert allowed["partner_reuse"] == ("See Me", "VOX")
    assert Receipt.objects.filter(kind=Receipt.Kind.CHANGED).count() == 2
    contributor.client.post(f"{HOME}asked/{asks[0].key}/", {"answer": "take_back"})
    assert consents_of(story.contributor_key).recipients["partner_reuse"] == ("VOX",)
    stale = contributor.client.post(f"{HOME}asked/{asks[0].key}/", {"answer": "yes", "seen": "yes"})
    assert stale.status_code == 409
    assert contributor.client.get(f"{HOME}asked/{uuid.uuid4()}/").status_code == 404


def test_somebody_elses_request_is_not_mine(contributor, story):
    other = Contributor()
    other.tell("Another")
    theirs = Contribution.objects.exclude(pk=story.pk).get()
    asked = ask(theirs, "partner_reuse", "See Me", "a use", by=by_staff())
    address = f"{HOME}asked/{asked.key}/"
    assert contributor.client.get(address).status_code == 404
    assert contributor.client.post(address, {"answer": "yes"}).status_code == 404


# The name.


def test_the_old_name_goes_at_once_and_a_new_one_waits(contributor, published, stranger):
    [address] = stranger.stories()
    assert "Mo" in text_of(stranger.client.get(address))
    page = contributor.client.get(HOME + "name/")
    new = hidden(page) | {"choice": "chosen", "shown_name": "Zebedee"}
    contributor.client.post(HOME + "name/", new)
    seen = text_of(stranger.client.get(address))
    assert "Told without a name" in seen
    assert "Zebedee" not in seen
    assert "a person looks at “Zebedee” first" in text_of(contributor.client.get(HOME))
    events = ConsentEvent.objects.count()
    contributor.client.post(HOME + "name/", new)
    assert ConsentEvent.objects.count() == events


def test_the_same_name_again_costs_nothing(contributor, published, stranger):
    page = contributor.client.get(HOME + "name/")
    contributor.client.post(HOME + "name/", hidden(page) | {"choice": "chosen", "shown_name": "Mo"})
    assert "Mo" in text_of(stranger.client.get(stranger.stories()[0]))


def test_a_name_that_cannot_be_taken_is_kept_as_typed(contributor, story):
    typed = "M" * 61
    for posted in (
        {"choice": "chosen", "shown_name": typed},
        {"choice": "", "shown_name": typed},
        {"choice": "chosen", "shown_name": typed[:10], "seen": "0"},
    ):
        response = contributor.client.post(HOME + "name/", posted)
        assert response.status_code in {409, 422}
        assert f'value="{posted["shown_name"]}"' in response.content.decode()
    assert contributor.client.post(HOME + "name/", {"choice": "chosen"}).status_code == 422
    story.refresh_from_db()
    assert story.private.shown_name == "Mo"


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
