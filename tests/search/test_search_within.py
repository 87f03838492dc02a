"""Every match in one document that is open: the same as a search of all of them marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import api
from search.query import MAX_CHARACTERS
from tests.search.conftest import shown

OTHER_WORDS = api.Synonyms([("CPN", "community psychiatric nurse"), ("allotment", "garden")])
CUES = [
    api.Cue(1000, "The café by the allotments was shut,", [(1000, "The"), (1300, "café")]),
    api.Cue(4000, "and I sat with my community"),
    api.Cue(6500, "psychiatric nurse, recovering."),
    api.Cue(9000, "Her “day by day” kept me walking; I walk still."),
]


def marks(within: api.Within) -> list[str]:
    """The words of each match, joined with a stroke where it runs from one cue into the next."""
    found: list[list[str]] = [[] for _ in within.matches]
    for number in sorted(within.runs):
        for run in within.runs[number]:
            if run.match is not None:
                found[run.match].append(run.text)
    return ["/".join(parts) for parts in found]


@pytest.mark.parametrize(
    ("typed", "found", "places"),
    [
        ("CAFE", ["café"], [1300]),
        ("walked", ["walking", "walk"], [9000, 9000]),
        ("recov*", ["recovering"], [6500]),
        ("cpn", ["community/psychiatric nurse"], [4000]),
        ('"cpn"', [], []),
        ("garden -walk", ["allotments"], [1300]),
        ("“day by day” OR shut", ["shut", "day by day"], [1300, 9000]),
        ("zebra cafe", ["café"], [1300]),
        ("sat zebra", ["sat"], [4000]),
    ],
)
def test_what_is_looked_for_is_marked_where_it_is_said(typed, found, places):
    within = api.find_within(typed, CUES, synonyms=OTHER_WORDS)
    assert marks(within) == found
    assert [match.place for match in within.matches] == places
    for number, runs in within.runs.items():
        assert "".join(run.text for run in runs) == CUES[number].text


@pytest.mark.parametrize("typed", ["cafe", "walks", "recov*", "CPN", '"day by day"', "sat garden"])
def test_it_is_what_a_search_of_all_documents_marks(shelf, typed):
    shelf.add("one", passages=api.cut_speech(CUES))
    [hit] = shelf.find(typed, synonyms=OTHER_WORDS).hits
    [moment] = hit.moments
    within = api.find_within(typed, CUES, synonyms=OTHER_WORDS)
    marked = "[".join(shown(moment.fragments).split("[")[1:])
    for words in marks(within):
        for part in words.split("/"):
            assert part in marked
    assert moment.place in {match.place for match in within.matches}


def test_paragraphs_are_numbered_after_the_cues():
    within = api.find_within("nurse", [*CUES, "No word.", "A nurse.\nA nurse again."])
    assert [(match.text, match.place) for match in within.matches] == [(2, 6500), (5, 2), (5, 2)]


def test_what_cannot_be_looked_for_is_said():
    assert "leave out" in api.find_within("-nurse", CUES).problem
    assert api.find_within("x" * (MAX_CHARACTERS + 1), CUES).problem
    assert api.find_within("nurse", []) == api.Within()


@given(
    st.text(max_size=40),
    st.lists(st.text(alphabet=st.characters(), max_size=30), max_size=4),
)
def test_whatever_is_typed_and_told_no_letter_is_lost(typed, texts):
    """The words themselves are typed too, so that something is found."""
    for query in (typed, " OR ".join(texts)):
        within = api.find_within(query, texts)
        numbers = [run.match for runs in within.runs.values() for run in runs]
        assert {n for n in numbers if n is not None} == set(range(len(within.matches)))
        for number, runs in within.runs.items():
            assert "".join(run.text for run in runs) == texts[number]
