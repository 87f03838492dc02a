"""Words as they are compared, and the way back to how they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.folding import fold_words, unfold
from search.moments import mark, strip_marks
from search.query import words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café, Séamus!", "cafe  seamus "),
        ("Cafe\u0301s", "cafes"),
        ("don't_do c++", "don t do c  "),
        ("İstanbul 1970s", "istanbul 1970s"),
        ("日本語 한국", "日本語 한국"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("\u0301 \ufdd0", "  "),
    ],
)
def test_folding(text, folded):
    assert fold_words(text) == folded


@given(st.text(st.sampled_from("aéZİß한\u0301\u0327 .-'日_9"), max_size=40))
def test_every_word_is_found_again_where_it_was_written(text):
    folded = fold_words(text)
    spans, at = [], 0
    for word in folded.split():
        at = folded.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    found = [text[start:end] for start, end in unfold(text, spans)]
    assert found == words(text)
    marked = mark(text, unfold(text, spans))
    assert strip_marks(marked)[0] == text


def test_marks_that_meet_become_one():
    assert strip_marks(mark("abcdef", [(0, 2), (1, 4), (4, 5)])) == ("abcdef", [(0, 4), (4, 5)])
