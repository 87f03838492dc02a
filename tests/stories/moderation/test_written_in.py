"""A written story's language, put right at the desk: before approval and after."""

from __future__ import annotations

import re

from wagtail.models import ModelLogEntry

from stories.contributions.models import Contribution
from stories.contributions.versions import StoryVersion
from stories.pages.models import StoryPage
from tests import recordings
from tests.people import Contributor, work

POLISH = ("Herbata z mamą", "Poranek był cichy.")


def page_of(reference: str) -> str:
    return f"/admin/contributions/{reference}/language/"


def put_right(moderator, reference: str, language: str, epoch: str = ""):
    page = moderator.client.get(page_of(reference)).content.decode()
    found = re.search(r'name="epoch" value="(\d+)"', page)
    assert found
    said = {"language": language, "epoch": epoch or found[1]}
    return moderator.client.post(page_of(reference), said)


def test_before_approval_it_corrects_the_answer(contributor, moderator, stranger):
    contributor.tell(*POLISH)
    [reference] = moderator.waiting()
    desk = moderator.client.get(f"/admin/contributions/{reference}/").content.decode()
    assert "Written in English." in desk
    assert page_of(reference) in desk
    assert put_right(moderator, reference, "<b>").status_code == 422
    opened_before = str(Contribution.objects.get().epoch)
    assert put_right(moderator, reference, "pl").status_code == 302
    stale = put_right(moderator, reference, "cs", opened_before)
    assert stale.status_code == 409
    assert '<option value="cs" selected>' in stale.content.decode()
    # Somebody who opened the story before that looks again, too.
    assert moderator.approve(reference, epoch=opened_before).status_code == 409
    moderator.approve(reference)
    work()
    [version] = StoryVersion.objects.all()
    assert version.language == "pl"
    assert '"inLanguage": "pl"' in stranger.client.get(StoryPage.objects.get().url).content.decode()
    assert ModelLogEntry.objects.filter(action="stories.language").count() == 1


def test_afterwards_page_and_search_say_it_at_once_and_nobody_is_asked(
    contributor, moderator, stranger
):
    contributor.tell(*POLISH, language="cs")
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    first = StoryVersion.objects.get()
    assert put_right(moderator, reference, "cs").status_code == 302  # as it was: nothing is frozen
    assert StoryVersion.objects.count() == 1
    assert put_right(moderator, reference, "pl").status_code == 302
    work()
    second = StoryVersion.objects.get(number=2)
    assert (first.language, second.language) == ("cs", "pl")
    assert (second.words, second.title) == (first.words, first.title)
    assert second.agreed_at
    shown = stranger.client.get(StoryPage.objects.get().url).content.decode()
    assert '<h1 lang="pl"' in shown
    # What can be filtered by is what some story has.
    for code, name, has in (("pl", "Polish", True), ("cs", "Czech", False)):
        found = stranger.client.get("/search/", {"q": "Poranek", "language": code})
        assert (name in found.content.decode()) is has
    assert Contribution.objects.get().private.language == "pl"


def test_what_waits_for_its_contributor_stays_as_they_see_it(contributor, moderator):
    contributor.tell(*POLISH, language="cs")
    [reference] = moderator.waiting()
    moderator.approve(reference, title="Herbata", words="Poranek")
    asked = put_right(moderator, reference, "pl")
    assert asked.status_code == 409
    assert "waits until the contributor has looked" in asked.content.decode()
    contributor.agree()
    work()
    assert put_right(moderator, reference, "pl").status_code == 302
    assert StoryVersion.objects.last().language == "pl"


def test_a_recording_has_its_language_with_its_words(moderator):
    Contributor().tell("Tea", "Some words.", recording=recordings.sound("mp3", 1))
    [reference] = moderator.waiting()
    assert moderator.client.get(page_of(reference)).status_code == 404
    assert page_of(reference) not in (
        moderator.client.get(f"/admin/contributions/{reference}/").content.decode()
    )
