"""Records and what they allow, against a plain notebook kept beside them."""

from __future__ import annotations

import uuid

from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from stories.consent import chain
from stories.consent.events import EventState
from stories.consent.exits import EXITS, open_exits
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import consents_of, holding
from stories.consent.record import CLOCK, CONTRIBUTOR, Answer, end, newest, record, request

MOVES = ("yes", "yes", "no", "later", "expire", "withdraw", "ask")


def test_what_is_allowed_is_what_the_notebook_says(site):
    purposes = sorted(Purpose.objects.values_list("slug", flat=True))
    assert {slug for door in EXITS for slug in door.purposes} == set(purposes)
    wider = _widened(current_statement("site_search"))
    steps = st.tuples(st.sampled_from(purposes), st.sampled_from(MOVES), st.booleans())

    @drawn(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(steps, max_size=10))
    def follow(history):
        who, notebook = uuid.uuid4(), {}
        for purpose, move, more in history:
            statement = wider if more and purpose == "site_search" else _first(purpose)
            held = notebook.get(purpose, 0)
            if move == "ask":
                request(who, statement, CONTRIBUTOR)
            elif move in {"expire", "withdraw"}:
                state = EventState.EXPIRED if move == "expire" else EventState.WITHDRAWN
                if event := newest(who, purpose):
                    end(event, state, CLOCK)
                    notebook[purpose] = 0
            else:
                record(who, Answer(statement, move))
                if move == "yes":
                    notebook[purpose] = statement.scope
                elif held >= statement.scope:
                    notebook[purpose] = 0  # a no to what was asked, not only to more
        allowed = {purpose: scope for purpose, scope in notebook.items() if scope}
        assert consents_of(who).scope == allowed
        for purpose in purposes:
            for scope in (1, 2):
                there = holding(purpose, scope).filter(pii_principal_id=who).exists()
                assert there is (allowed.get(purpose, 0) >= scope)
        for door in EXITS:
            if door.name in open_exits(consents_of(who)):
                assert door.every <= set(allowed)
                assert not door.some or door.some & set(allowed)

    follow()
    assert list(chain.problems()) == []


def _first(purpose: str) -> Statement:
    return Statement.objects.get(purpose=purpose, version=1)


def _widened(before: Statement) -> Statement:
    return Statement.objects.create(
        purpose=before.purpose,
        version=before.version + 1,
        question=before.question,
        text=before.text + " And in a printed list.",
        change=Statement.Change.WIDER,
        scope=before.scope + 1,
    )
