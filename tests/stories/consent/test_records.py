"""What a record says after it: how much, until when, for whom."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from stories.consent import chain
from stories.consent.events import ConsentEvent, EventState
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import CONTRIBUTOR, Answer, newest, record, request
from stories.consent.wording import NothingChanged, Words, WrittenMeanwhile, write_next

Change = Statement.Change


def next_words(purpose: str, change: str, text: str = "It asks for more now.") -> Statement:
    base = current_statement(purpose)
    return write_next(base, Words(base.question, text, base.easy_read), change, CONTRIBUTOR)


@pytest.mark.parametrize(
    ("said", "state", "allows"),
    [
        ("yes", EventState.RENEWED, 2),
        ("no", EventState.REFUSED, 1),
        ("later", EventState.DEFERRED, 1),
    ],
)
def test_an_answer_to_more_leaves_the_old_yes_as_it_was(site, said, state, allows):
    who, old = uuid.uuid4(), current_statement("partner_reuse")
    first = record(who, Answer(old, "yes", recipients=["A partner"]))
    wider = next_words("partner_reuse", Change.WIDER)
    asked = request(who, wider, CONTRIBUTOR)
    assert (asked.event_state, asked.allows) == (EventState.REQUESTED, 1)
    answered = record(who, Answer(wider, said))
    assert (answered.event_state, answered.allows) == (state, allows)
    for event in (asked, answered):
        assert event.recipient_third_parties == ["A partner"]
        assert event.expires_at == first.expires_at or said == "yes"
    assert consents_of(who).scope == {"partner_reuse": allows}


def test_the_old_yes_can_be_taken_back_while_more_is_asked(site):
    who, old = uuid.uuid4(), current_statement("site_search")
    record(who, Answer(old, "yes"))
    request(who, next_words("site_search", Change.WIDER), CONTRIBUTOR)
    assert record(who, Answer(old, "no")).event_state == EventState.WITHDRAWN
    assert consents_of(who).given == frozenset()


def test_another_option_of_a_choice_closes_it_also_when_the_question_grew(site):
    who, old = uuid.uuid4(), current_statement("show_name")
    record(who, Answer(old, "yes", "my_name"))
    wider = next_words("show_name", Change.WIDER)
    request(who, wider, CONTRIBUTOR)
    record(who, Answer(wider, "later"))
    kept = consents_of(who)
    assert ("show_name" in kept.given, kept.choices["show_name"]) == (True, "my_name")
    record(who, Answer(wider, "no", "none"))
    now = consents_of(who)
    assert ("show_name" in now.given, now.choices["show_name"]) == (False, "none")


def test_being_asked_for_more_is_no_yes_for_somebody_who_said_no(site):
    who = uuid.uuid4()
    record(who, Answer(current_statement("site_search"), "no"))
    request(who, next_words("site_search", Change.WIDER), CONTRIBUTOR)
    assert consents_of(who).given == frozenset()


def test_scopes_of_questions_about_the_same_thing_never_share_a_number(site):
    """A yes about video is written down for the sound too, which has a question of its own."""
    assert next_words("publish_video", Change.TYPO).scope == 1
    assert next_words("publish_video", Change.WIDER, "The film, on television.").scope == 2
    assert next_words("publish_audio", Change.WIDER, "The sound, on the radio.").scope == 3
    assert next_words("publish_audio", Change.TYPO, "The sound, on radio.").scope == 3
    assert next_words("publish_text", Change.WIDER).scope == 2


def test_a_next_version_is_written_over_the_newest_only(site):
    base = current_statement("site_search")
    with pytest.raises(NothingChanged):
        write_next(base, Words.of(base), Change.TYPO, CONTRIBUTOR)
    second = next_words("site_search", Change.TYPO, "Somebody was quicker.")
    with pytest.raises(WrittenMeanwhile) as meanwhile:
        write_next(base, Words("Mine?", "Mine."), Change.TYPO, CONTRIBUTOR)
    assert meanwhile.value.newest == second
    assert Statement.objects.filter(purpose="site_search").count() == 2


def test_answers_at_the_same_moment_make_one_unbroken_chain(site):
    statement = current_statement("site_search")
    people = [uuid.uuid4() for _ in range(4)]

    def answer_often(who: uuid.UUID) -> None:
        for said in ("yes", "no", "yes"):
            record(who, Answer(statement, said))
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(answer_often, people))
    assert list(ConsentEvent.objects.values_list("number", flat=True)) == list(range(1, 13))
    assert list(chain.problems()) == []
    assert sorted(chain.heads_in_journal()) == list(range(1, 13))


def test_a_record_copies_what_held_at_its_time(site):
    event = record(uuid.uuid4(), Answer(current_statement("show_name"), "yes", "my_name"))
    purpose = Purpose.objects.get(pk="show_name")
    assert event.pii_type == ["pd:Name"]
    assert event.lawful_basis == purpose.lawful_basis
    assert event.validity_days == 365 * 5 == (event.expires_at - event.event_time).days
    Purpose.objects.filter(pk="show_name").update(validity_days=1, pii_type=[], lawful_basis="x")
    kept = newest(event.pii_principal_id, "show_name")
    assert (kept.pii_type, kept.lawful_basis) == (["pd:Name"], purpose.lawful_basis)
