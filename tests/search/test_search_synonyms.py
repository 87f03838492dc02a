"""Synonyms: what a list does to the tree, and what is found and marked by it."""

import pytest

from search import api
from search.query import And, Not, Or, Phrase, Prefix, Term, parse
from search.synonyms import Synonyms, trouble
from tests.search.conftest import shown

LIST = Synonyms(
    [
        ["CPN", "community psychiatric nurse", " "],
        ["A&E", "accident and emergency"],
        ["meds", "tablets"],
        ["tablets", "pills"],
    ]
)
CPN, NURSE = Term("CPN"), Phrase(("community", "psychiatric", "nurse"))
A_E, ACCIDENT = Phrase(("A", "E")), Phrase(("accident", "and", "emergency"))
MEDS, TABLETS, PILLS = Term("meds"), Term("tablets"), Term("pills")


@pytest.mark.parametrize(
    ("typed", "children"),
    [
        ("cpn", [Or((Term("cpn"), NURSE))]),
        ("CPNs", [Or((Term("CPNs"), NURSE))]),
        (
            "my community psychiatric nurses helped",
            [
                Term("my"),
                Or((Term("community"), CPN)),
                Or((Term("psychiatric"), CPN)),
                Or((Term("nurses"), CPN)),
                Term("helped"),
            ],
        ),
        (
            "community-psychiatric nurse",
            [Or((Phrase(NURSE.words[:2]), CPN)), Or((Term("nurse"), CPN))],
        ),
        ("community nurse", [Term("community"), Term("nurse")]),
        ("a&e", [Or((Phrase(("a", "e")), ACCIDENT))]),
        ("accident and emergency", [Or((Term(w), A_E)) for w in ACCIDENT.words]),
        ("tablets", [Or((TABLETS, MEDS, PILLS))]),
        ("tablets meds", [Or((TABLETS, MEDS, PILLS)), Or((MEDS, TABLETS))]),
        ("hope OR meds", [Or((Term("hope"), MEDS, TABLETS))]),
        ("meds -tablets", [Or((MEDS, TABLETS)), Not(TABLETS)]),
        ('"meds"', [MEDS]),
        ('"community psychiatric nurse"', [NURSE]),
        ("cpn*", [Prefix("cpn")]),
        ('community "psychiatric" nurse', [Term("community"), Term("psychiatric"), Term("nurse")]),
    ],
)
def test_the_tree(typed, children):
    assert LIST.expand(parse(typed)) == And(tuple(children))


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (["CPN", "community psychiatric nurse"], ""),
        (["CPN", "cpns"], "differ"),
        (["CPN"], "differ"),
        (["CPN", "&"], "letters or digits"),
        (["CPN", "a " * 9], "at most"),
        ([f"x{n}" for n in range(21)], "at most"),
    ],
)
def test_what_makes_no_group_is_said_in_a_sentence(group, sentence):
    assert bool(trouble(group)) == bool(sentence)
    assert sentence in trouble(group)


@pytest.mark.django_db
def test_either_word_finds_and_marks_the_other(shelf):
    shelf.text("short", "Then my CPN came to the door.")
    shelf.text("long", "A community psychiatric nurse came.")
    shelf.text("apart", "A nurse of the community, psychiatric or not.")

    def find(typed: str) -> dict[str, str]:
        hits = api.find(typed, visible=shelf.visible, synonyms=LIST).hits
        return {hit.document_id: shown(hit.moments[0].fragments) for hit in hits}

    assert find("cpns came") == {
        "short": "Then my [CPN] [came] to the door.",
        "long": find("cpn came")["long"],
    }
    unmarked = find("cpns")["long"].replace("] [", " ")
    assert unmarked == "A [community psychiatric nurse] came."
    found = find("community psychiatric nurse")
    assert set(found) == {"short", "long", "apart"}
    assert found["short"] == "Then my [CPN] came to the door."
    assert set(find('"cpn"')) == {"short"}
    assert set(find('"community psychiatric nurse"')) == {"long"}
    api.hide("short", 2)
    assert set(find("community psychiatric nurse")) == {"long", "apart"}
