"""Others in a recording: a link and an answer of their own, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stories.consent.events import ConsentEvent
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.contributions.allowed import consents_for
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant
from stories.publishing import others
from tests import recordings
from tests.flows.test_three_voices import PART, PEOPLE, Other, link_for
from tests.people import Contributor


@pytest.fixture
def told(contributor: Contributor) -> Contributor:
    """Sent, and not prepared: what is asked does not wait for that."""
    contributor.tell(
        "Three of us", recording=recordings.sound("flac", 1), others="Dougie\nFarah", name="none"
    )
    return contributor


@pytest.fixture
def dougie(told: Contributor) -> Other:
    return Other(link_for(told, "Dougie"))


def person(called: str) -> Participant:
    return next(who for who in Participant.objects.all() if who.called == called)


def allows(called: str) -> frozenset[str]:
    return consents_of(person(called).key).given


def token_of(link: str) -> str:
    return link.strip("/").rpartition("/")[2]


def with_cookie(name: str, token: str) -> Client:
    client = Client()
    client.cookies[name] = token
    return client


def test_each_link_opens_its_own_part_and_nothing_else(told, dougie):
    farah = Other(link_for(told, "Farah"))
    assert f'href="{PEOPLE}"' in told.my_page()
    assert "Dougie" in dougie.page()
    assert "Farah" not in dougie.page()
    assert "Farah" in farah.page()
    dougie.answer("publish_audio", "yes")
    assert "publish_audio" in allows("Dougie")
    assert allows("Farah") == frozenset()

    # Theirs is no key to the contributor's pages, nor the contributor's to theirs.
    for address in ("/my-story/", PEOPLE, "/my-story/copy/", "/my-story/take-down/"):
        page = with_cookie("my_story", token_of(dougie.link)).get(address).content.decode()
        assert "Come in" in page
        assert "Three of us" not in page
    with_cookie("my_story", token_of(dougie.link)).post("/my-story/take-down/")
    assert Contribution.objects.get().state == "submitted"
    mine = with_cookie("my_part", token_of(told.link))
    assert "Come in by your link" in mine.get(PART).content.decode()
    mine.post(PART + "leave/")
    assert "publish_audio" in allows("Dougie")


def test_a_new_link_ends_the_one_before_and_an_ended_one_is_refused(told, dougie):
    again = Other(link_for(told, "Dougie"))
    assert "Three of us" in again.page()
    assert "Come in by your link" in dougie.page()
    response = Client().get(dougie.link)
    assert response.status_code == 410
    assert "That link has ended" in response.content.decode()
    PrivateLink.objects.filter(participant__isnull=False).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert "Come in by your link" in again.page()
    assert "Not asked yet" in told.client.get(PEOPLE).content.decode()


def test_a_link_is_for_people_of_this_story_only(told, dougie):
    other = Contributor()
    other.tell("Another story", recording=recordings.sound("flac", 1), others="Jo")
    number = person("Dougie").pk
    assert other.client.post(f"{PEOPLE}{number}/link/").status_code == 404
    assert Client().get(dougie.link).status_code == 302  # still Dougie's


def test_looking_changes_nothing(told, dougie):
    """Mail scanners open every address that they find."""
    events, epoch = ConsentEvent.objects.count(), Contribution.objects.get().epoch
    links = PrivateLink.objects.count()
    dougie.client.get(dougie.link)
    for page in ("", "agreed/publish_audio/", "leave/", "agreed/show_unaltered_voice/"):
        dougie.client.get(PART + page)
    told.client.get(f"{PEOPLE}{person('Dougie').pk}/link/")
    assert (ConsentEvent.objects.count(), PrivateLink.objects.count()) == (events, links)
    assert Contribution.objects.get().epoch == epoch


def test_only_what_fits_and_what_the_contributor_allows_is_asked(contributor):
    contributor.tell(
        recording=recordings.sound("flac", 1), others="Dougie", podcast_syndication="no"
    )
    dougie = Other(link_for(contributor, "Dougie"))
    page = dougie.page()
    asked = re.findall(r'href="/my-story/part/agreed/([a-z_]+)/">(?:Answer|Change)', page)
    assert asked == [
        "publish_audio", "show_unaltered_voice", "site_search", "external_search_engines",
    ]  # fmt: skip
    before = ConsentEvent.objects.count()
    # Not of sound; refused by the contributor; everybody's own; not known.
    for slug in ("publish_video", "show_face", "podcast_syndication", "show_name", "nothing"):
        response = dougie.answer(slug, "yes")
        assert response.status_code == 404
    assert "There is no such question for you" in response.content.decode()
    for said in ("", "maybe", "take_back"):
        response = dougie.answer("publish_audio", said)
        assert response.status_code == 422
        assert "Please answer Yes, No or Not sure yet" in response.content.decode()
    assert ConsentEvent.objects.count() == before


def test_of_a_film_one_question_covers_picture_and_sound(contributor):
    contributor.tell(recording=recordings.video("mp4", 1), others="Dougie")
    dougie = Other(link_for(contributor, "Dougie"))
    assert dougie.answer("publish_audio", "yes").status_code == 404
    dougie.say_yes_to_all()
    assert {"publish_video", "publish_audio", "show_face"} <= allows("Dougie")
    story = Contribution.objects.get()
    assert {"publish_video", "publish_audio", "show_face"} <= consents_for(story).given
    dougie.answer("publish_video", "no")
    assert not allows("Dougie") & {"publish_video", "publish_audio"}
    assert "said no" in told_page(contributor)


def told_page(contributor: Contributor) -> str:
    return contributor.client.get(PEOPLE).content.decode().lower()


def test_yes_but_not_with_ones_own_voice(told, dougie):
    dougie.say_yes_to_all()
    dougie.answer("show_unaltered_voice", "disguised")
    assert "show_unaltered_voice" not in consents_for(Contribution.objects.get()).given
    assert "“use my own voice”" in told_page(told)


def test_a_yes_counts_for_the_words_and_answers_on_the_screen_only(told, dougie):
    old = current_statement("publish_audio")
    dougie.client.get(PART + "agreed/publish_audio/")
    Statement.objects.create(
        purpose=old.purpose, version=2, question="And by everybody?", text="More.", scope=2
    )
    posted = {"answer": "yes", "statement": old.pk, "seen": 0}
    response = dougie.client.post(PART + "agreed/publish_audio/", posted)
    assert response.status_code == 409
    assert "And by everybody?" in response.content.decode()
    assert allows("Dougie") == frozenset()
    # Another tab answered meanwhile: an old yes is asked again, a no goes through.
    dougie.answer("publish_audio", "no")
    posted["statement"] = current_statement("publish_audio").pk
    assert dougie.client.post(PART + "agreed/publish_audio/", posted).status_code == 409
    assert allows("Dougie") == frozenset()
    dougie.answer("publish_audio", "yes")
    dougie.client.post(PART + "agreed/publish_audio/", posted | {"answer": "no"})
    assert allows("Dougie") == frozenset()


def test_a_wider_question_leaves_the_narrower_yes_until_that_is_taken_back(told, dougie):
    dougie.say_yes_to_all()
    old = current_statement("publish_audio")
    Statement.objects.create(
        purpose=old.purpose, version=2, question="And on other sites?", text="More.", scope=2
    )
    assert "There is a question that you haven" in dougie.page()
    dougie.answer("publish_audio", "no")
    assert consents_of(person("Dougie").key).scope["publish_audio"] == 1
    dougie.answer("publish_audio", "take_back")
    assert "publish_audio" not in allows("Dougie")


def test_everything_is_taken_back_with_one_press_and_on_record(told, dougie):
    dougie.say_yes_to_all()
    events = ConsentEvent.objects.filter(pii_principal_id=person("Dougie").key)
    given = allows("Dougie")
    dougie.leave()
    assert allows("Dougie") == frozenset()
    assert {event.purpose_id for event in events.filter(event_state="ConsentWithdrawn")} == given
    epoch = Contribution.objects.get().epoch
    assert person("Dougie").state == "left"
    # What the others and the contributor said stays theirs.
    assert "publish_audio" in consents_of(Contribution.objects.get().contributor_key).given
    dougie.leave()
    assert Contribution.objects.get().epoch == epoch + 1
    assert events.filter(event_state="ConsentWithdrawn").count() == len(given)


def test_receipts_are_ones_own(told, dougie):
    farah = Other(link_for(told, "Farah"))
    dougie.answer("publish_audio", "yes")
    [address] = re.findall(r'href="(/my-story/part/receipts/[^"]+)"', dougie.page())
    page = dougie.client.get(address).content.decode()
    assert current_statement("publish_audio").sha256 in page
    data = dougie.client.get(address + "receipt.jsonld")
    assert data["Content-Type"] == "application/ld+json"
    assert str(person("Dougie").key) in data.content.decode()
    assert "Dougie" not in data.content.decode()
    for who in (farah.client, Client(), told.client):
        assert str(person("Dougie").key) not in who.get(address).content.decode()
        assert b"ConsentReceipt" not in who.get(address + "receipt.jsonld").content


def test_who_was_cut_out_is_asked_and_shown_nothing_more(told, dougie, moderator):
    dougie.say_yes_to_all()
    user = told_to_cut(moderator)
    with pytest.raises(NotPossible):
        others.cut(person("Dougie"), user)
    assert allows("Dougie") == frozenset()
    assert "You are no longer in it" in dougie.page()
    assert "Three of us" not in dougie.page()
    assert dougie.answer("publish_audio", "yes").status_code == 404
    assert dougie.client.get(PART + "media/story.mp3").status_code == 404
    assert person("Dougie").state == "cut"


def told_to_cut(moderator):
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(username="moderator")
    others.cut(person("Dougie"), user)
    return user


def test_a_story_taken_down_ends_what_others_said(told, dougie):
    dougie.say_yes_to_all()
    told.take_down()
    page = dougie.page()
    assert "It has been taken down" in page
    assert "Three of us" not in page
    assert allows("Dougie") == frozenset()
    assert dougie.answer("publish_audio", "yes").status_code == 404
    assert dougie.client.get(PART + "media/story.mp3").status_code == 404
    dougie.leave()
    assert Contribution.objects.get().state == "withdrawn"


def test_somebody_more_is_added_and_nothing_typed_is_lost(told):
    response = told.client.post(PEOPLE, {"called": "x" * 61})
    assert response.status_code == 422
    assert "x" * 61 in response.content.decode()
    assert "there is room for 60" in response.content.decode()
    assert (
        "Add something to tell them apart"
        in told.client.post(PEOPLE, {"called": "dougie"}).content.decode()
    )
    told.client.post(PEOPLE, {"called": "Jo"})
    assert Participant.objects.count() == 3
    assert "Jo" in told.client.get(PEOPLE).content.decode()


def test_pages_are_private_and_their_titles_say_nothing(told, dougie):
    pages = [
        told.client.get(PEOPLE),
        told.client.post(f"{PEOPLE}{person('Farah').pk}/link/"),
        *(dougie.client.get(PART + page) for page in ("", "agreed/publish_audio/", "leave/")),
        dougie.client.get(PART + "media/nothing.mp3"),
        Client().get(PART),
        Client().get(dougie.link),
    ]
    for response in pages:
        assert "no-store" in response["Cache-Control"]
        [title] = re.findall(r"<title>([^<]*)<", response.content.decode()) or [""]
        for word in ("Dougie", "Farah", "Three of us"):
            assert word not in title
    assert pages[-1].cookies["my_part"]["httponly"]
    assert pages[-1].cookies["my_part"]["path"] == PART


def test_forgetting_the_device(dougie):
    dougie.client.post(PART + "forget/")
    assert "Come in by your link" in dougie.page()
    assert Client().get(dougie.link).status_code == 302
