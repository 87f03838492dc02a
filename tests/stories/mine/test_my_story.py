"""The contributor's own page: what is agreed, and the name."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from stories.consent.events import ConsentEvent, EventState, Receipt
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import newest, request
from stories.contributions.models import Contribution, Upload
from stories.publishing.ask import ask
from tests.people import Contributor
from tests.stories.mine.ones_own import HOME, by_staff, given, hidden, text_of

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
