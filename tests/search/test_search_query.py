"""What a visitor types, as a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import query
from search.query import And, CannotSearch, Not, Or, Phrase, Prefix, Term, parse, relax


@pytest.mark.parametrize(
    ("typed", "children"),
    [
        ("hope", [Term("hope")]),
        ("hope  sleep", [Term("hope"), Term("sleep")]),
        ('"day by day" hope', [Phrase(("day", "by", "day")), Term("hope")]),
        ("“day by day”", [Phrase(("day", "by", "day"))]),
        ("sleep hope OR faith", [Term("sleep"), Or((Term("hope"), Term("faith")))]),
        ("a1 OR b1 OR c1", [Or((Term("a1"), Term("b1"), Term("c1")))]),
        ("hope -work", [Term("hope"), Not(Term("work"))]),
        ('hope -"night shift"', [Term("hope"), Not(Phrase(("night", "shift")))]),
        ('"day by day"-hope', [Phrase(("day", "by", "day")), Term("hope")]),
        ("hope OR -work", [Term("hope"), Not(Term("work"))]),
        ("recov*", [Prefix("recov")]),
        ('"peer sup*"', [Phrase(("peer", "sup"), open_ended=True)]),
        ("c*", [Term("c")]),
        ("c++", [Term("c")]),
        ("foo-bar", [Phrase(("foo", "bar"))]),
        ("a:b", [Phrase(("a", "b"))]),
        ("don't", [Phrase(("don", "t"))]),
        ("salt AND pepper", [Term("salt"), Term("pepper")]),
        ("OR hope", [Term("OR"), Term("hope")]),
        ("NEAR(hope work)", [Phrase(("NEAR", "hope")), Term("work")]),
        ('hope "sleep', [Term("hope"), Term("sleep")]),
        ("hope 🙂 - *", [Term("hope")]),
        ("cafe\u0301", [Term("café")]),
    ],
)
def test_reading(typed, children):
    assert list(parse(typed).children) == children


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", query.NOTHING),
        ('" ', query.NOTHING),
        ("🙂 ++ *", query.NOTHING),
        ("\x00", query.NOTHING),
        ("-work", query.ONLY_WITHOUT),
        ('-work -"night shift"', query.ONLY_WITHOUT),
        ("x" * (query.MAX_CHARACTERS + 1), query.TOO_LONG),
        ("ab " * (query.MAX_WORDS + 1), query.TOO_LONG),
        ('"' + "ab " * (query.MAX_WORDS + 1) + '"', query.TOO_LONG),
    ],
)
def test_what_cannot_be_searched(typed, sentence):
    with pytest.raises(CannotSearch, match=f"^{sentence}$"):
        parse(typed)


def test_relaxing_does_not_look_for_what_every_story_has():
    assert relax(parse("hope Of the sea -the")) == And(
        (Or((Term("hope"), Term("sea"))), Not(Term("the")))
    )
    assert relax(parse("to be")) == And((Or((Term("to"), Term("be"))),))


def test_relaxing_wants_any_and_still_leaves_out():
    relaxed = relax(parse('hope faith OR luck "day by day" -work'))
    day = Phrase(("day", "by", "day"))
    assert relaxed == And((Or((Term("hope"), Term("faith"), Term("luck"), day)), Not(Term("work"))))
    assert relax(parse("hope -work")) is None
    assert relax(parse("hope OR faith")) is None


@given(st.text(max_size=400))
def test_only_letters_and_digits_come_through(typed):
    try:
        tree = parse(typed)
    except CannotSearch:
        return
    assert any(not isinstance(child, Not) for child in tree.children)
    for leaf in query.positive_leaves(tree):
        parts = (
            leaf.words if isinstance(leaf, Phrase) else [getattr(leaf, "word", None) or leaf.start]
        )
        for part in parts:
            assert query.words(part) == [part]
            assert not set(part) & set("\"'*^:(){}-+\x00 ")
