"""The contributor's yes is for one exact version, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.letters.models import Letter
from stories.publishing.agree import agree, say_no, version_to_agree
from stories.publishing.approve import Description, SeenOtherwise, approve
from stories.publishing.pause import pause
from stories.publishing.publish import publish
from stories.publishing.tick import publish_waiting
from stories.publishing.withdraw import withdraw

SENT = "First line.\n\nSecond line, with a gap."


@pytest.fixture
def user(site):
    return get_user_model().objects.create_user("reader", password="x")


@pytest.fixture
def story(contributor) -> Contribution:
    contributor.tell("A plain title", SENT)
    return Contribution.objects.get()


@pytest.fixture
def edited(story, user) -> Contribution:
    approve(story, user, Description(words="Other words."))
    return Contribution.objects.get()


@pytest.mark.parametrize(
    "typed",
    [
        SENT.replace("\n", "\r\n"),
        f"\n{SENT}  \n",
        SENT.replace("gap", " gap").replace("line,", "line, \t"),
        SENT.replace("\n\n", "\n \n\n\n"),
    ],
)
def test_what_nobody_can_see_is_no_change(story, user, typed):
    version = approve(story, user, Description(title="A plain title ", words=typed))
    assert version.agreed_at == story.sent_at
    assert version.words == SENT
    assert story.state == State.PUBLISHED


@pytest.mark.parametrize("typed", [SENT.replace("gap", "leap"), SENT.replace("\n\n", " ")])
def test_a_changed_word_or_paragraph_waits_for_the_contributor(story, user, typed):
    version = approve(story, user, Description(words=typed))
    assert version.agreed_at is None
    assert story.state == State.APPROVED
    assert story.private.words == SENT


def test_only_who_left_an_address_gets_a_letter(contributor, user):
    contributor.tell(email="ann@example.org")
    approve(Contribution.objects.get(), user, Description(title="Another title"))
    assert Letter.objects.filter(kind="look").count() == 1


def test_nobody_to_write_to_means_no_letter(edited):
    assert not Letter.objects.exists()


def test_a_second_tab_agrees_to_nothing(edited):
    version = version_to_agree(edited)
    agree(edited, version)
    with pytest.raises(NotPossible):
        agree(edited, version)
    assert Contribution.objects.get().state == State.PUBLISHED


def test_a_no_leads_to_another_version_and_the_old_one_cannot_be_agreed(edited, user):
    first = version_to_agree(edited)
    say_no(edited, "I never said that.")
    story = Contribution.objects.get()
    assert story.state == State.IN_REVIEW
    assert story.private.objection == "I never said that."
    approve(story, user, Description(words="Words in between."))
    with pytest.raises(NotPossible):
        agree(story, first)
    assert Contribution.objects.get().private.objection == ""
    agree(story, version_to_agree(story))
    assert Contribution.objects.get().state == State.PUBLISHED


def test_taken_back_between_approving_and_agreeing(edited):
    version = version_to_agree(edited)
    withdraw(edited)
    for verb in (lambda: agree(edited, version), lambda: say_no(edited, "No.")):
        with pytest.raises(NotPossible):
            verb()
    assert Contribution.objects.get().state == State.WITHDRAWN


def test_two_moderators_approve_at_once(story, user):
    """Both opened it while it waited; one version is frozen, and one is told."""
    other = Contribution.objects.get()
    approve(story, user)
    with pytest.raises(NotPossible):
        approve(other, user, Description(title="Mine instead"))
    assert story.versions.count() == 1


def test_taken_back_while_a_moderator_types(story, user):
    opened = Contribution.objects.get()
    withdraw(story)
    with pytest.raises(NotPossible):
        approve(opened, user, Description(words="Typed in vain."))
    assert not story.versions.exists()


def test_what_changed_since_it_was_opened_is_not_approved_unseen(story, user):
    seen = story.epoch
    Contribution.objects.get().decide()
    with pytest.raises(SeenOtherwise):
        approve(story, user, seen=seen)
    approve(story, user, seen=story.epoch)


@pytest.fixture
def waiting(story, user, settings) -> Contribution:
    settings.COOLING_OFF_DAYS = 7
    approve(story, user)
    assert story.state == State.WAITING
    return story


def test_stop_pressed_while_it_goes_out_wins(waiting):
    """The button's page was opened before the clock published it."""
    pressed = Contribution.objects.get()
    Contribution.objects.update(publish_after=timezone.now())
    assert publish_waiting() == 1
    pause(pressed)
    assert Contribution.objects.get().state == State.PAUSED


def test_the_clock_does_not_publish_what_was_stopped_a_moment_before(waiting):
    due = Contribution.objects.get()
    pause(Contribution.objects.get())
    with pytest.raises(NotPossible):
        publish(due)
    assert Contribution.objects.get().state == State.PAUSED


def test_coming_back_from_a_stop_does_not_cut_the_waiting_short(waiting):
    day = waiting.publish_after
    pause(waiting)
    publish(waiting)
    story = Contribution.objects.get()
    assert (story.state, story.publish_after) == (State.WAITING, day)
    pause(story)
    Contribution.objects.update(publish_after=timezone.now() - timedelta(seconds=1))
    publish(Contribution.objects.get())
    assert Contribution.objects.get().state == State.PUBLISHED
