"""Approving with changed words, names to look at, and asking for more: through the pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from stories.consent import triggers
from stories.consent.events import ConsentEvent
from stories.consent.models import current_statement
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.agree import say_no
from stories.publishing.rename import rename
from stories.publishing.withdraw import withdraw
from tests.people import work

WORDS = "Jean put another note through the door."


@pytest.fixture
def reference(contributor, moderator) -> str:
    contributor.tell("The garlic is up", WORDS)
    return Contribution.objects.get().reference


def page(moderator, reference: str) -> str:
    return moderator.client.get(f"/admin/contributions/{reference}/").content.decode()


def approve(moderator, reference: str, **typed):
    said = {"title": "The garlic is up", "words": WORDS} | typed
    address = f"/admin/contributions/{reference}/approve/"
    return moderator.client.post(address, said, follow=True)


def test_the_words_stand_there_to_be_changed_and_unchanged_they_go_out(moderator, reference):
    shown = page(moderator, reference)
    assert f">\n{WORDS}</textarea>" in shown
    assert 'value="The garlic is up"' in shown
    approve(moderator, reference, words=f"{WORDS}\r\n")
    assert Contribution.objects.get().state == State.PUBLISHED


def test_changed_words_wait_and_the_desk_says_for_whom(moderator, reference):
    told = approve(moderator, reference, words="Jean knocked.").content.decode()
    assert "They left no address: it waits until they come back by themselves" in told
    assert "They left no address" in page(moderator, reference)
    assert "When the contributor comes back" in moderator.queue("going")
    assert reference not in moderator.queue("out")


def test_a_no_stands_at_the_top_with_what_was_proposed(moderator, reference):
    approve(moderator, reference, words="Jean knocked.")
    say_no(Contribution.objects.get(), "She never knocked.")
    assert reference in moderator.queue("waiting")
    shown = page(moderator, reference)
    assert shown.index("She never knocked.") < shown.index("story-title")
    assert "Jean knocked." in shown
    assert f">\n{WORDS}</textarea>" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "The story needs a title."),
        ({"title": "t" * 121}, "room for 120"),
        ({"words": "\n"}, "A written story needs its words."),
    ],
)
def test_bad_changes_are_told_and_nothing_typed_is_lost(moderator, reference, typed, said):
    typed = {"words": "Jean knocked, I typed."} | typed
    answer = approve(moderator, reference, themes=["hope"], **typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert typed["words"].strip() in shown
    assert re.search(r'value="hope"[^>]* checked', shown)
    assert 'class="desk-more" open' in shown
    assert Contribution.objects.get().state == State.SUBMITTED


def test_a_name_changed_while_the_page_was_open_is_looked_at_first(moderator, reference):
    story = Contribution.objects.get()
    seen = story.epoch
    rename(story, current_statement("show_name"), "chosen", "Ailsa")
    answer = approve(moderator, reference, epoch=seen, words="Typed with care.")
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Typed with care." in shown
    assert "Ailsa" in shown
    assert Contribution.objects.get().state == State.SUBMITTED
    approve(moderator, reference, epoch=Contribution.objects.get().epoch)
    assert Contribution.objects.get().versions.get().shown_name == "Ailsa"


def test_a_story_taken_down_meanwhile_is_said_to_be(moderator, reference):
    withdraw(Contribution.objects.get())
    told = approve(moderator, reference, words="Typed in vain.").content.decode()
    assert "has taken this one down" in told
    assert Contribution.objects.get().state == State.WITHDRAWN


def test_a_story_that_waits_has_its_day_and_no_way_around_it(moderator, reference, settings):
    settings.COOLING_OFF_DAYS = 7
    told = approve(moderator, reference).content.decode()
    day = timezone.localtime(timezone.now() + timedelta(days=7))
    assert f"{day:%d %B %Y}" in told
    assert f"{day.day} {day:%B}" in moderator.queue("going")
    approve(moderator, reference)
    assert Contribution.objects.get().state == State.WAITING


def test_a_name_is_approved_as_it_was_seen_and_logged_without_it(moderator, reference, stranger):
    approve(moderator, reference)
    work()
    rename(Contribution.objects.get(), current_statement("show_name"), "my_name", "Ailsa Craig")
    assert reference in moderator.queue("names")
    assert "They ask to be shown as “<strong>Ailsa Craig</strong>”" in page(moderator, reference)
    address = f"/admin/contributions/{reference}/name/"
    moderator.client.get(address, {"decision": "approve", "name": "Ailsa Craig"})
    moderator.client.post(address, {"decision": "approve", "name": "Somebody else"})
    [story_page] = stranger.stories()
    assert "Ailsa" not in stranger.client.get(story_page).content.decode()
    moderator.client.post(address, {"decision": "approve", "name": "Ailsa Craig"})
    assert "Ailsa Craig" in stranger.client.get(story_page).content.decode()
    assert "No names to look at" in moderator.queue("names")
    entry = ModelLogEntry.objects.get(action="stories.name")
    assert "Ailsa" not in f"{entry.label} {entry.data}"


def test_an_extract_must_stand_in_the_story_and_nothing_typed_is_lost(moderator, reference):
    approve(moderator, reference)
    address = f"/admin/contributions/{reference}/ask/"
    typed = {
        "purpose": "quoted_extracts",
        "recipient": "Our leaflet",
        "use": "On the first page.",
        "words": "Jean put another brick",
    }
    answer = moderator.client.post(address, typed)
    assert answer.status_code == 422
    assert "Copy them again" in answer.content.decode()
    assert "On the first page." in answer.content.decode()
    moderator.client.post(address, typed | {"words": "another note"})
    story = Contribution.objects.get()
    assert story.asks.get().words == "another note"
    assert "Not answered yet" in page(moderator, reference)
    assert "another note" not in str(list(ModelLogEntry.objects.values()))


def test_a_yes_that_ends_soon_is_in_its_folder_with_the_day(moderator, reference, settings):
    settings.ON_SILENCE = "review"
    approve(moderator, reference)
    assert reference not in moderator.queue("ending")
    triggers.lift()
    over = timezone.now() - timedelta(days=3)
    ConsentEvent.objects.filter(purpose="publish_text").update(expires_at=over)
    triggers.install()
    shown = moderator.queue("ending")
    assert reference in shown
    assert f"Ran out on {timezone.localtime(over).day} " in shown
