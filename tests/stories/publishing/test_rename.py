"""Another name: the old one goes at once, a new one shows once a moderator has seen it."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from stories.consent.models import current_statement
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.moderation.rows import names_to_look_at
from stories.publishing.agree import agree, version_to_agree
from stories.publishing.approve import Description, approve
from stories.publishing.pause import pause
from stories.publishing.publish import publish
from stories.publishing.rename import approve_name, refuse_name, rename
from stories.publishing.withdraw import withdraw
from tests.people import work


@pytest.fixture
def user(site):
    return get_user_model().objects.create_user("reader", password="x")


@pytest.fixture
def sent(contributor) -> Contribution:
    contributor.tell("The garlic is up", shown_name="Morven")
    return Contribution.objects.get()


@pytest.fixture
def published(sent, user) -> Contribution:
    approve(sent, user)
    work()
    return sent


def call_me(choice: str, name: str = "") -> Contribution:
    rename(Contribution.objects.get(), current_statement("show_name"), choice, name)
    return Contribution.objects.get()


def shown(stranger) -> str:
    [address] = stranger.stories()
    return stranger.client.get(address).content.decode()


def test_the_old_name_goes_at_once_and_the_new_one_comes_when_approved(published, user, stranger):
    assert "Morven" in shown(stranger)
    story = call_me("chosen", "Ailsa")
    page = shown(stranger)
    assert "Morven" not in page
    assert "Ailsa" not in page
    assert names_to_look_at() == [story]
    approve_name(story, user, "Ailsa")
    assert "Ailsa" in shown(stranger)
    assert names_to_look_at() == []
    assert story.versions.filter(agreed_at=None).count() == 0
    work()
    [address] = stranger.stories()
    assert address in stranger.search("Ailsa")
    assert address not in stranger.search("Morven")


def test_search_still_knows_the_story_after_a_name_has_gone(published, stranger):
    call_me("none")
    work()
    [address] = stranger.stories()
    assert address in stranger.search("garlic")
    assert address not in stranger.search("Morven")


def test_the_same_name_again_needs_no_moderator(published, stranger):
    call_me("chosen", "Morven")
    assert published.versions.count() == 1
    call_me("my_name", " Morven ")  # the same letters, now as their own name
    assert "Morven" in shown(stranger)
    call_me("none")
    assert "Morven" not in shown(stranger)
    story = call_me("chosen", "Morven")  # a moderator has seen this one
    assert "Morven" in shown(stranger)
    assert names_to_look_at() == []
    assert story.private.asked_name == ""


def test_no_name_while_one_waits_is_no_name(published, user):
    call_me("chosen", "Ailsa")
    story = call_me("none", "Ailsa")
    assert story.private.asked_name == story.private.shown_name == ""
    assert names_to_look_at() == []
    with pytest.raises(NotPossible):
        approve_name(story, user, "Ailsa")


def test_a_moderator_approves_the_name_they_saw_and_no_other(published, user, stranger):
    call_me("chosen", "Ailsa")
    story = call_me("chosen", "Somebody's full name")
    for verb in (approve_name, refuse_name):
        with pytest.raises(NotPossible):
            verb(story, user, "Ailsa")
    refuse_name(story, user, "Somebody's full name")
    assert names_to_look_at() == []
    assert "full name" not in shown(stranger)


def test_before_approval_the_newest_name_is_what_is_frozen(sent, user):
    opened = Contribution.objects.get()
    call_me("my_name", "Ailsa")
    version = approve(opened, user)
    assert (version.shown_name, version.naming) == ("Ailsa", "my_name")


def test_a_name_changed_while_a_version_waits_does_not_go_out_with_it(sent, user, stranger):
    approve(sent, user, Description(title="Garlic"))
    old = version_to_agree(sent)
    story = call_me("chosen", "Ailsa")
    assert names_to_look_at() == [story]
    with pytest.raises(NotPossible):
        agree(story, old)
    nameless = version_to_agree(story)
    assert (nameless.title, nameless.shown_name, nameless.agreed_at) == ("Garlic", "", None)
    approve_name(story, user, "Ailsa")
    agree(story, version_to_agree(story))
    work()
    page = shown(stranger)
    assert "Ailsa" in page
    assert "Morven" not in page


def test_a_name_changed_at_rest_is_the_one_it_comes_back_with(published, user, stranger):
    pause(published)
    story = call_me("chosen", "Ailsa")
    approve_name(story, user, "Ailsa")
    publish(Contribution.objects.get())
    work()
    assert "Ailsa" in shown(stranger)


def test_a_choice_that_wants_a_name_and_has_none_is_refused(published):
    with pytest.raises(ValueError, match="name is missing"):
        call_me("chosen", "  ")
    assert published.versions.count() == 1


def test_nothing_is_renamed_after_taking_back(published):
    withdraw(published)
    with pytest.raises(NotPossible):
        call_me("chosen", "Ailsa")
    assert Contribution.objects.get().state == State.WITHDRAWN
