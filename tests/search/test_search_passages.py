"""Cutting speech and text, and joining them again for the whole document."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.api import Cue, Document, Passage, cut_speech, cut_text
from search.documents import MARK_START, body, storable

TIMED = st.lists(
    st.integers(1, 150).flatmap(lambda n: st.sampled_from([(n, "."), (n, "")])), max_size=40
)


def speech(sizes: list[tuple[int, str]], timed: bool) -> list[Cue]:
    """Cues of so many words, each word spoken 300 ms after the last and named by its time."""
    cues, now = [], 0
    for size, end in sizes:
        words = [(now + 300 * n, f"w{now + 300 * n}") for n in range(size)]
        text = " ".join(word for _, word in words) + end
        cues.append(Cue(now, text, words if timed else ()))
        now += 300 * size
    return cues


@given(TIMED)
def test_every_word_of_speech_is_kept_at_its_time(sizes):
    passages = cut_speech(speech(sizes, timed=True))
    said = [f"w{300 * n}" for n in range(sum(size for size, _ in sizes))]
    assert body(passages).replace(".", "").split() == said
    for passage in passages:
        assert len(passage.text.split()) <= 120
        assert passage.place == passage.offsets[0][1]
        words = passage.text.replace(".", " ").split()
        assert [passage.text[at:].startswith(f"w{ms}") for at, ms in passage.offsets] == (
            [True] * len(words)
        )


@given(TIMED)
def test_without_word_times_a_cue_gives_its_own(sizes):
    cues = speech(sizes, timed=False)
    starts = {cue.start for cue in cues}
    for passage in cut_speech(cues):
        assert passage.offsets[0][0] == 0
        assert {ms for _, ms in passage.offsets} <= starts
        for (at, _), (until, _) in pairwise(passage.offsets):
            assert passage.text[at].strip()
            assert at < until


def test_passages_overlap_by_one_cue():
    passages = cut_speech([(n * 1000, f"cue{n} " + "word " * 9) for n in range(30)])
    assert len(passages) > 2
    for before, after in pairwise(passages):
        assert 60 <= len(before.text.split()) <= 120
        first_cue = after.text[: after.offsets[1][0]].strip()
        assert before.text.endswith(first_cue)
        assert before.offsets[-1][1] == after.place


def test_a_mended_caption_keeps_the_times_that_still_fit():
    (passage,) = cut_speech(
        [Cue(500, "I felt, well, hopeful.", [(500, "I"), (700, "fell"), (1500, " Hopeful")])]
    )
    assert passage.offsets == ((0, 500), (14, 1500))


def test_text_is_numbered_by_paragraph_and_cut_at_sentences():
    long = " ".join(["Some words that make a sentence here."] * 40)
    passages = cut_text(["First.", "  ", long])
    assert [passage.place for passage in passages] == [1, 3, 3, 3]
    assert " ".join(passage.text for passage in passages[1:]) == long
    assert all(passage.text.endswith(".") for passage in passages)


@pytest.mark.parametrize(
    "passage",
    [
        Passage("song", "la", 0),
        Passage("speech", "la", -1),
        Passage("speech", "la la", 0, ((3, 0), (0, 1))),
    ],
)
def test_a_passage_that_makes_no_sense_is_refused_without_repeating_it(passage):
    with pytest.raises(ValueError, match="should") as caught:
        storable(Document("a", "t", passages=(passage,)))
    assert "la" not in str(caught.value).split()


def test_what_cannot_be_stored_is_replaced_one_for_one():
    document = storable(Document("a", f"a\x00b\ud800c{MARK_START}d"))
    assert document.title == "a\ufffdb\ufffdc\ufffdd"


def test_a_passage_ends_where_somebody_else_begins():
    """From 60 words on; what ends no sentence goes on to 120 else."""
    lines = [f"cue{n} " + "word " * 9 for n in range(20)]
    cues = [Cue(n * 1000, line, (), "A" if n < 8 else "B") for n, line in enumerate(lines)]
    first, second = cut_speech(cues)[:2]
    assert (len(first.text.split()), first.speakers) == (80, ((0, "A"),))
    assert second.speakers == ((0, "A"), (second.text.index("cue8"), "B"))
