"""Which consents open which way out."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stories.consent.events import ConsentEvent, EventState
from stories.consent.exits import EXITS, open_exits
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import Consents, consents_of, holding
from stories.consent.record import CONTRIBUTOR, Answer, end, newest, record
from stories.contributions.together import together

PURPOSES = sorted({purpose for door in EXITS for purpose in door.every | door.some})


@given(st.frozensets(st.sampled_from(PURPOSES)), st.sampled_from(PURPOSES))
def test_taking_a_purpose_back_never_opens_an_exit(held, taken):
    assert open_exits(Consents(held - {taken})) <= open_exits(Consents(held))


def test_nothing_given_opens_nothing():
    assert open_exits(Consents()) == frozenset()


@pytest.mark.parametrize(
    ("given_purposes", "closed"),
    [
        ({"publish_audio"}, "sound"),  # the voice was refused
        ({"publish_video", "publish_audio", "show_unaltered_voice"}, "picture"),  # the face was
        ({"site_search"}, "listing"),  # found, but published nowhere
        ({"podcast_syndication", "publish_audio"}, "podcast"),
    ],
)
def test_half_a_consent_is_none(given_purposes, closed):
    assert closed not in open_exits(Consents(frozenset(given_purposes)))


@pytest.mark.parametrize(
    ("chosen", "opened"),
    [
        (["disguised"], {"sound"}),
        (["own"], {"sound", "own_voice"}),
        (["words_only"], set()),
        ([], set()),
        (["own", "disguised"], {"sound"}),
        (["disguised", "own"], {"sound"}),
        (["disguised", "words_only"], set()),
        (["own", ""], set()),  # somebody has not chosen yet
        (["disguised", ""], set()),
    ],
)
def test_a_voice_goes_out_as_whoever_wants_the_least_of_it_has_chosen(chosen, opened):
    everybody = [
        Consents(
            frozenset({"publish_audio", *(["show_unaltered_voice"] if each == "own" else [])}),
            {"show_unaltered_voice": each} if each else {},
            {"publish_audio": 1, "show_unaltered_voice": 1},
        )
        for each in chosen or [""]
    ]
    exits = open_exits(together(everybody[0], everybody[1:]))
    assert exits & {"sound", "own_voice"} == opened


def test_a_choice_that_has_run_out_is_none():
    choices = {"show_unaltered_voice": "own"}
    once = Consents(frozenset({"publish_audio"}), choices, {"publish_audio": 1})
    assert not open_exits(together(once, [])) & {"sound", "own_voice"}


def test_the_newest_answer_counts(site):
    who, statement = uuid.uuid4(), current_statement("site_search")
    for answer, allowed in (("yes", True), ("no", False), ("later", False), ("yes", True)):
        record(who, Answer(statement, answer))
        assert ("site_search" in consents_of(who).given) is allowed
        assert holding("site_search").filter(pii_principal_id=who).exists() is allowed
    end(newest(who, "site_search"), EventState.WITHDRAWN, CONTRIBUTOR)
    assert consents_of(who).given == frozenset()
    assert ConsentEvent.objects.filter(pii_principal_id=who).count() == 5


def test_a_consent_that_has_run_out_is_none(site):
    who = uuid.uuid4()
    Purpose.objects.filter(slug="site_search").update(validity_days=0)
    record(who, Answer(current_statement("site_search"), "yes"))
    assert consents_of(who).given == frozenset()
    assert not holding("site_search").filter(pii_principal_id=who).exists()


def test_records_and_statements_are_not_rewritten(site):
    event = record(uuid.uuid4(), Answer(current_statement("site_search"), "yes"))
    event.event_state = "ConsentRefused"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    statement = Statement.objects.first()
    statement.text = "Something wider."
    with pytest.raises(TypeError):
        statement.save()


def test_a_record_keeps_what_was_read_and_every_field_of_the_standard(contributor):
    contributor.tell()
    event = ConsentEvent.objects.get(purpose="publish_text")
    assert event.event_state == "ConsentGiven"
    assert len(event.statement.sha256) == 64
    mandatory = [
        "schema_version", "record_id", "pii_principal_id", "purpose", "lawful_basis", "pii_type",
        "pii_controllers", "storage_locations", "retention_period", "jurisdiction",
        "withdrawal_method", "event_time", "expires_at", "entity_id", "event_type",
    ]  # fmt: skip
    assert [name for name in mandatory if not getattr(event, name)] == []
