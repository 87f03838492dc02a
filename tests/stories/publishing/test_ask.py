"""Partners and extracts: one by one, each yes for itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from stories.consent import triggers
from stories.consent.events import ConsentEvent
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import By
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.publishing.approve import approve
from stories.publishing.ask import AskedAlready, NotInTheStory, agreed, answer_ask, ask
from stories.publishing.withdraw import withdraw

WORDS = "Jean put another note through the door.\nIt didn\u2019t say much — only “soup”."


@pytest.fixture
def user(site):
    return get_user_model().objects.create_user("reader", password="x")


@pytest.fixture
def story(contributor, user) -> Contribution:
    contributor.tell("The garlic is up", WORDS)
    approve(Contribution.objects.get(), user)
    return Contribution.objects.get()


@pytest.fixture
def put(story, user):
    by = By.staff(user, ConsentEvent.Method.WEB)

    def question(recipient: str, words: str = "") -> Ask:
        purpose = "quoted_extracts" if words else "partner_reuse"
        return ask(story, purpose, recipient, "For a wall.", words=words, by=by)

    return question


def say(asked: Ask, said: str) -> None:
    answer_ask(asked, said, current_statement(asked.purpose))


def partners(story: Contribution) -> tuple[str, ...]:
    return consents_of(story.contributor_key).recipients.get("partner_reuse", ())


def test_yes_to_one_and_no_to_the_other_keeps_the_first(story, put):
    fife, moray = put("Fife Libraries"), put("Moray Museum")
    assert partners(story) == ()
    say(fife, "yes")
    say(moray, "no")
    assert partners(story) == ("Fife Libraries",)
    last = ConsentEvent.objects.filter(purpose="partner_reuse").latest("number")
    assert last.recipient_third_parties == ["Fife Libraries"]
    assert agreed(story) == [Ask.objects.get(pk=fife.pk)]


def test_taking_one_back_keeps_the_other(story, put):
    fife, moray = put("Fife Libraries"), put("Moray Museum")
    say(fife, "yes")
    say(moray, "yes")
    assert set(partners(story)) == {"Fife Libraries", "Moray Museum"}
    say(fife, "no")
    assert partners(story) == ("Moray Museum",)
    say(moray, "no")
    assert "partner_reuse" not in consents_of(story.contributor_key).given


def test_the_last_one_taken_back_is_taken_back_also_when_more_is_asked_by_now(story, put):
    fife = put("Fife Libraries")
    say(fife, "yes")
    before = current_statement("partner_reuse")
    Statement.objects.create(
        purpose=before.purpose, version=before.version + 1, scope=before.scope + 1, text="More."
    )
    say(fife, "no")
    assert partners(story) == ()


def test_another_question_leaves_a_yes_as_it_was(story, put):
    say(put("Fife Libraries"), "yes")
    put("Moray Museum")
    assert partners(story) == ("Fife Libraries",)


def test_a_yes_that_has_run_out_does_not_come_back_with_the_next(story, put):
    say(put("Fife Libraries"), "yes")
    triggers.lift()
    ConsentEvent.objects.filter(purpose="partner_reuse").update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    triggers.install()
    assert partners(story) == ()
    say(put("Moray Museum"), "yes")
    assert partners(story) == ("Moray Museum",)


def test_the_same_is_not_asked_twice_at_once(story, put):
    fife = put("Fife Libraries")
    for _ in ("open", "agreed to"):
        with pytest.raises(AskedAlready):
            put("fife libraries")
        say(fife, "yes")
    say(fife, "no")
    again = put("Fife Libraries")
    say(again, "yes")
    say(fife, "no")  # the old question, from a page that was still open
    assert partners(story) == ("Fife Libraries",)


def test_an_extract_is_what_stands_in_the_story(story, put):
    asked = put("Our leaflet", 'it didn\'t  say much - only "soup"')
    assert asked.words == "It didn\u2019t say much — only “soup”"
    say(asked, "yes")
    assert consents_of(story.contributor_key).recipients["quoted_extracts"] == (asked.named,)
    assert "soup" not in asked.named


@pytest.mark.parametrize("typed", ["It said a lot", "ean put another", "is up Jean", "  ", "\n"])
def test_words_that_do_not_stand_there_are_not_quoted(story, user, typed):
    by = By.staff(user, ConsentEvent.Method.WEB)
    with pytest.raises(NotInTheStory):
        ask(story, "quoted_extracts", "Our leaflet", "A quotation.", words=typed, by=by)
    assert not Ask.objects.exists()


def test_after_taking_back_nothing_is_asked_or_answered(story, put):
    fife = put("Fife Libraries")
    withdraw(Contribution.objects.get())
    with pytest.raises(NotPossible):
        put("Moray Museum")
    with pytest.raises(NotPossible):
        say(fife, "yes")
    assert partners(story) == ()
