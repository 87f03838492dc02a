"""Three people in one recording: it opens only if all of them say yes, and closes if one leaves."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from stories.consent.reading import consents_of
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from tests import recordings
from tests.people import Contributor, Stranger, work

PEOPLE = "/my-story/people/"
PART = "/my-story/part/"


class Other:
    """Somebody else in the recording, with a link that the contributor handed over."""

    def __init__(self, link: str) -> None:
        self.client = Client()
        self.link = link
        self.client.get(link)

    def page(self) -> str:
        return self.client.get(PART).content.decode()

    def answer(self, slug: str, said: str):
        """Read the question as a browser would, and answer it."""
        return self.answer_at(f"{PART}agreed/{slug}/", said)

    def answer_at(self, address: str, said: str):
        page = self.client.get(address).content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(statement|seen)" value="(\d+)"', page))
        return self.client.post(address, {"answer": said} | hidden)

    def say_yes_to_all(self) -> None:
        """One question after another, as the page leads."""
        found = re.search(r'href="(/my-story/part/agreed/[^"]+)">(Go to|Answer again)', self.page())
        address = found[1] if found else PART
        while address != PART:
            slug = address.split("/")[4]
            choice = {"show_unaltered_voice": "own", "show_face": "as_is"}.get(slug, "yes")
            address = self.answer_at(address, choice).url

    def leave(self):
        return self.client.post(PART + "leave/")


def link_for(contributor: Contributor, called: str) -> str:
    number = next(who.pk for who in Participant.objects.all() if who.called == called)
    page = contributor.client.post(f"{PEOPLE}{number}/link/").content.decode()
    return re.findall(r'id="private-link">http://testserver([^<]+)<', page)[0]


@pytest.fixture
def told(contributor: Contributor) -> Contributor:
    contributor.tell(
        "Three of us",
        "About a kettle.",
        recording=recordings.sound("flac", 1),
        others="Dougie\nFarah",
        transcribe="yes",
    )
    return contributor


def seen_anywhere(stranger: Stranger, address: str) -> list[str]:
    """Where a visitor still meets the recording."""
    found = []
    if stranger.client.get(address).status_code != 404:
        found.append("page")
    for name in ("story.mp3", "audio.m4a", "captions.vtt", "master.m3u8"):
        if stranger.client.get(f"{address}media/{name}").status_code != 404:
            found.append(name)
    if address in stranger.stories():
        found.append("listing")
    if address in stranger.search("kettle"):
        found.append("search")
    return found


def test_it_opens_when_all_said_yes_and_closes_when_one_leaves(told, moderator, stranger):
    page = told.client.get(PEOPLE).content.decode()
    assert page.count("Not asked yet") == 2
    assert "Your recording is closed" in page
    dougie = Other(link_for(told, "Dougie"))
    farah = Other(link_for(told, "Farah"))
    assert told.client.get(PEOPLE).content.decode().count("Asked, and not answered yet") == 2
    assert "Three of us" in dougie.page()
    work()
    assert dougie.client.get(PART + "media/story.mp3").status_code == 200
    moderator.approve(moderator.waiting()[0])
    work()

    assert stranger.stories() == []
    dougie.say_yes_to_all()
    work()
    assert stranger.stories() == []
    assert "Your recording is closed" in told.client.get(PEOPLE).content.decode()
    assert "somebody else in it has not said yes" in dougie.page()
    farah.say_yes_to_all()
    work()
    [address] = stranger.stories()
    assert seen_anywhere(stranger, address) == [
        "page", "story.mp3", "audio.m4a", "captions.vtt", "listing", "search",
    ]  # fmt: skip
    assert "Everybody in it has said yes" in told.client.get(PEOPLE).content.decode()

    farah.leave()  # and no worker has run
    assert seen_anywhere(stranger, address) == []
    assert "You took everything back" in farah.page()
    assert "Took it back" in told.client.get(PEOPLE).content.decode()
    work()
    assert seen_anywhere(stranger, address) == []
    dougie.answer("publish_audio", "yes")  # another's yes does not stand in for hers
    work()
    assert seen_anywhere(stranger, address) == []

    farah.say_yes_to_all()
    work()
    assert "search" in seen_anywhere(stranger, address)


def test_a_voice_that_the_desk_hears_closes_it_and_later_questions_close_nothing(
    contributor, moderator, stranger
):
    contributor.tell(
        "Two of us", "About a kettle.", recording=recordings.sound("flac", 1), others="Dougie",
    )  # fmt: skip
    dougie = Other(link_for(contributor, "Dougie"))
    dougie.say_yes_to_all()
    work()
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    [address] = stranger.stories()
    open_before = seen_anywhere(stranger, address)
    story = Contribution.objects.get()

    # The contributor gives something more; Dougie has not been asked for it yet.
    exits = exits_of(story)
    contributor_says_yes(contributor, "social_media")
    work()
    assert exits_of(story) == exits
    assert "sharing" not in exits
    assert seen_anywhere(stranger, address) == open_before
    assert "There is a question that you haven" in dougie.page()
    dougie.answer("social_media", "yes")
    assert exits_of(story) == exits | {"sharing"}

    desk = f"/admin/contributions/{reference}/people/"
    moderator.client.post(desk, {"called": "The second voice"})  # and no worker has run
    assert seen_anywhere(stranger, address) == []
    heard = next(who for who in Participant.objects.all() if who.called == "The second voice")
    assert stranger.client.post(desk, {"called": "Me"}).status_code == 302  # to sign in
    assert Participant.objects.count() == 2
    work()
    assert seen_anywhere(stranger, address) == []

    response = moderator.client.post(f"{desk}{heard.pk}/cut/")
    assert response.status_code == 422
    assert "Play the recording first" in response.content.decode()
    assert seen_anywhere(stranger, address) == []
    assert moderator.client.post(f"{desk}{heard.pk}/cut/", {"sure": "on"}).status_code == 302
    work()
    assert seen_anywhere(stranger, address) == open_before
    logged = ModelLogEntry.objects.values_list("action", flat=True)
    assert {"stories.person_added", "stories.person_cut"} <= set(logged)
    assert "voice" not in str(list(ModelLogEntry.objects.values()))


def contributor_says_yes(contributor: Contributor, slug: str) -> None:
    address = f"/my-story/agreed/{slug}/"
    page = contributor.client.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(statement|seen)" value="(\d+)"', page))
    contributor.client.post(address, {"answer": "yes"} | hidden)
    key = Contribution.objects.get().contributor_key
    assert slug in consents_of(key).given
