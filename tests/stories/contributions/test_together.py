"""What several people allow together: the query and the records agree, whatever was said."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stories.consent.exits import PUBLISHING
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.reading import Consents
from stories.consent.record import Answer, record
from stories.contributions.allowed import consents_for, exits_of, exits_of_many
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.together import together
from stories.pages.models import StoryPage
from stories.pages.queries import everybody_allows
from tests.people import work

# Two that publish, one that lists, and one that stays each person's own.
PURPOSES = ("publish_text", "publish_audio", "site_search", "show_name")
OWN_ONE = "show_name"
OTHERS = (1, 2)  # besides the contributor, who is 0
ANSWERS = st.sampled_from(["yes", "yes", "yes", "no", "later", "run out"])
STEP = st.one_of(
    st.tuples(st.sampled_from((0, *OTHERS)), st.sampled_from(PURPOSES), ANSWERS),
    st.tuples(st.sampled_from(OTHERS), st.none(), st.just("cut")),
)
ALL_YES = [(who, purpose, "yes") for who in (0, 1, 2) for purpose in PURPOSES]


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up")
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


def play(story: Contribution, history) -> tuple[set, set]:
    """Write a history with new people. Returns what was allowed last, and who is still in it."""
    Participant.objects.all().delete()
    Contribution.objects.filter(pk=story.pk).update(contributor_key=uuid.uuid4())
    story.refresh_from_db()
    people = [Participant.objects.create(contribution=story) for _ in OTHERS]
    keys = [story.contributor_key, *(person.key for person in people)]
    allowed, still_in = set(), {0, *OTHERS}
    for who, purpose, said in history:
        if said == "cut":
            still_in.discard(who)
            Participant.objects.filter(pk=people[who - 1].pk).update(state="cut")
            continue
        days = 0 if said == "run out" else 365
        Purpose.objects.filter(slug=purpose).update(validity_days=days)
        given_answer = "yes" if said == "run out" else said
        record(keys[who], Answer(current_statement(purpose), given_answer))
        allowed.discard((who, purpose))
        if said == "yes":
            allowed.add((who, purpose))
    return allowed, still_in


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(STEP, max_size=16))
@example(history=ALL_YES)
@example(history=[*ALL_YES, (2, "publish_text", "no"), (1, "publish_audio", "later")])
@example(history=[*ALL_YES, *((2, purpose, "no") for purpose in PURPOSES), (2, None, "cut")])
def test_the_query_and_the_records_agree_with_a_plain_model(published, history):
    allowed, still_in = play(published, history)

    def is_allowed(purpose: str) -> bool:
        asked = {0} if purpose == OWN_ONE else still_in
        return all((who, purpose) in allowed for who in asked)

    given_by_all = {purpose for purpose in PURPOSES if is_allowed(purpose)}
    assert set(consents_for(published).given) == given_by_all
    for purpose in PURPOSES:
        found = StoryPage.objects.filter(everybody_allows(purpose)).exists()
        assert found is is_allowed(purpose), purpose
    is_public = bool(given_by_all & PUBLISHING)
    assert StoryPage.objects.public().exists() is is_public
    assert bool(StoryPage.objects.public_one(contribution=published)) is is_public
    assert StoryPage.objects.listed().exists() is (is_public and "site_search" in given_by_all)
    assert ("page" in exits_of(published)) is is_public
    assert exits_of_many([published]) == {published.pk: exits_of(published)}


def test_together_is_as_wide_as_the_narrowest_and_for_those_whom_nobody_left_out():
    mine = Consents(
        frozenset({"site_search", "partner_reuse", "show_name"}),
        {"show_name": "my_name"},
        {"site_search": 2, "partner_reuse": 1, "show_name": 1},
        {"partner_reuse": ("The Hub", "A College"), "site_search": (), "show_name": ()},
    )
    theirs = Consents(
        frozenset({"site_search", "partner_reuse"}),
        {},
        {"site_search": 1, "partner_reuse": 1},
        {"partner_reuse": ("A College",), "site_search": ()},
    )
    shared = together(mine, [theirs])
    assert shared.given == mine.given
    assert shared.scope["site_search"] == 1
    assert shared.recipients["partner_reuse"] == ("A College",)
    nobody = Consents(theirs.given, {}, theirs.scope, theirs.recipients | {"partner_reuse": ()})
    assert "partner_reuse" not in together(mine, [theirs, nobody]).given
    assert together(mine, []) == mine


def test_a_narrow_yes_of_one_does_not_open_what_needs_a_wide_one(published):
    """The question grew; the contributor said yes to more, and one of the others has not."""
    play(published, ALL_YES)
    old = current_statement("site_search")
    wider = Statement.objects.create(
        purpose=old.purpose, version=old.version + 1, question="More?", text="More.", scope=2
    )
    record(published.contributor_key, Answer(wider, "yes"))
    first, second = Participant.objects.all()
    record(first.key, Answer(wider, "yes"))
    assert consents_for(published).scope["site_search"] == 1
    assert StoryPage.objects.filter(everybody_allows("site_search")).exists()
    assert not StoryPage.objects.filter(everybody_allows("site_search", 2)).exists()
    record(second.key, Answer(wider, "yes"))
    assert consents_for(published).scope["site_search"] == 2
    assert StoryPage.objects.filter(everybody_allows("site_search", 2)).exists()
