"""The second at which it was said."""

import pytest

from search.api import Cue, cut_speech, cut_text
from search.closeness import Wanted
from search.moments import Marked, choose, shorten, strip_marks
from search.query import parse
from tests.search.conftest import shown

pytestmark = pytest.mark.django_db


def cue(number: int, *words: str) -> Cue:
    """Ten words from `number` times 4 s on, 300 ms apart; some of them given, the rest filling."""
    said = [*words, *(f"filler{number}x{n}" for n in range(10 - len(words)))]
    start = number * 4000
    return Cue(start, " ".join(said), [(start + 300 * n, word) for n, word in enumerate(said)])


def recording(timed: bool = True, **at: tuple[str, ...]) -> tuple:
    cues = [cue(n, *at.get(f"c{n}", ())) for n in range(40)]
    return cut_speech(cues if timed else [(each.start, each.text) for each in cues])


def test_each_match_is_given_its_own_word_across_passages(shelf):
    passages = recording(c3=("so", "then", "kayaking"), c25=("kayaks",))
    assert len(passages) > 2
    shelf.add("a", passages=passages)
    (hit,) = shelf.find("kayak").hits
    assert sorted(moment.place for moment in hit.moments) == [3 * 4000 + 600, 25 * 4000]
    assert all("kayak" in shown(moment.fragments) for moment in hit.moments)


def test_without_word_times_it_is_the_cue(shelf):
    shelf.add("a", passages=recording(timed=False, c25=("so", "then", "kayaks")))
    (hit,) = shelf.find("kayak").hits
    assert [moment.place for moment in hit.moments] == [25 * 4000]


@pytest.mark.parametrize(("typed", "said"), [("began", "Asks"), ("did", ""), ("paddles", "Tells")])
def test_a_moment_says_who_speaks(shelf, typed, said):
    """At the word that it is about, for a moment can be shown with the words around it."""
    turns = [("Asks", "So you began?"), ("", "Yes, I did."), ("Tells", "With paddles, yes.")]
    cues = [Cue(n * 2000, text, (), who) for n, (who, text) in enumerate(turns)]
    shelf.add("a", passages=cut_speech(cues))
    (hit,) = shelf.find(typed).hits
    assert [each.speaker for each in hit.moments] == [said]
    assert shelf.find("tells").total == 0, "names are not searched"


def test_a_word_in_the_overlap_is_one_moment(shelf):
    plain = recording()
    overlap = plain[1].place // 4000
    passages = recording(**{f"c{overlap}": ("kayaks",)})
    assert sum("kayaks" in passage.text for passage in passages) == 2
    shelf.add("a", passages=passages)
    (hit,) = shelf.find("kayak").hits
    assert [moment.place for moment in hit.moments] == [overlap * 4000]


def test_a_phrase_across_a_cut_is_found_with_its_moment(shelf):
    overlap = recording()[1].place // 4000
    last = cue(overlap)
    words = {f"c{overlap + 1}": ("under", "starlight")}
    shelf.add("a", passages=recording(**words))
    typed = f'"{last.text.split()[-1]} under starlight"'
    (hit,) = shelf.find(typed).hits
    assert [moment.place for moment in hit.moments] == [last.words[-1][0]]


def test_a_phrase_longer_than_the_overlap_shows_its_words(shelf):
    overlap = recording()[1].place // 4000
    said = " ".join(cue(n).text for n in (overlap - 1, overlap, overlap + 1)).split()[8:22]
    shelf.add("a", passages=recording())
    results = shelf.find(f'"{" ".join(said)}"')
    assert not results.relaxed
    assert results.hits[0].moments


def test_a_phrase_alone_is_marked_not_its_words(shelf):
    shelf.text("a", "One day. Another day by day, as they say.")
    (hit,) = shelf.find('"day by day"').hits
    assert shown(hit.moments[0].fragments) == "… Another [day by day], as they say."


def test_the_rarer_word_comes_first(shelf):
    shelf.text("a", *(f"A common morning number {n}." for n in range(9)), "A lighthouse there.")
    (hit,) = shelf.find("morning OR lighthouse", moments=2).hits
    assert hit.moments[0].place == 10
    assert len(hit.moments) == 2
    assert shelf.find("morning", moments=0).hits[0].moments == []


def test_a_long_paragraph_is_one_moment(shelf):
    shelf.text("a", "Start.", " ".join(["Another sentence about kayaks in the bay."] * 60))
    (hit,) = shelf.find("kayak").hits
    assert [moment.place for moment in hit.moments] == [2]


def test_shortened_to_the_sentence_around_the_match():
    text = "It rained. " * 20 + "Then the boat came in at last. " + "It rained. " * 20
    at = text.index("boat")
    start, end = shorten(text, [(at, at + 4)])
    assert text[start:].startswith("Then the boat")
    assert 20 <= len(text[start:end].split()) <= 25
    assert text[start:end].endswith("rained.")


def test_the_stretch_with_most_of_the_words_wins():
    words = [f"w{n}" for n in range(100)]
    text = " ".join(words)
    spans = [(text.index(word), text.index(word) + 3) for word in ("w10", "w60", "w62")]
    start, end = shorten(text, spans)
    assert {"w60", "w62"} <= set(text[start:end].split())
    assert len(text[start:end].split()) == 25


def test_writing_without_spaces_is_cut_too():
    text, spans = strip_marks("字" * 3000 + "\ufdd0見\ufdd1" + "字" * 3000)
    wanted = Wanted(parse("見"))
    marked = Marked("text", 1, (), (), "字" * 3000 + "\ufdd0見\ufdd1" + "字" * 3000)
    (moment,) = choose([marked], 3, wanted)
    assert "[見]" in shown(moment.fragments)
    assert sum(len(each.text) for each in moment.fragments) < 420
    assert text[spans[0][0]] == "見"


def test_speech_and_text_keep_apart(shelf):
    shelf.add(
        "a", passages=(*cut_text(["The kayak, written."]), *cut_speech([(1, "A kayak said.")]))
    )
    (hit,) = shelf.find("kayak").hits
    assert {(moment.kind, moment.place) for moment in hit.moments} == {("text", 1), ("speech", 1)}


def test_it_plays_from_where_all_of_it_is_said(shelf):
    """One of the words comes a little earlier, about something else."""
    passages = recording(c7=("so", "kayaks"), c8=("by", "kayaks", "and", "starlight"))
    shelf.add("a", passages=passages)
    (hit,) = shelf.find("kayaks starlight").hits
    assert hit.moments[0].place == 8 * 4000 + 300


FAR_APART = ("kayaks", "a", "b", "c", "d", "e", "f", "g", "h", "starlight")


@pytest.mark.parametrize(
    ("earlier", "meant", "typed"),
    [
        (FAR_APART, ("kayaks", "starlight"), "kayaks starlight"),
        (FAR_APART, ("kayaks", "starlight"), "kayaks starlight harpsichord"),  # not said at all
        (("kayak", "starlight"), ("kayaks", "starlight"), "kayaks starlight"),  # in another form
        (("kayak", "starlight"), ("kayaks,", "starlight"), '"kayaks starlight"'),
        (("starlight", "kayaks"), ("kayaks", "starlight"), "kayaks starlight"),  # another order
    ],
)
def test_of_several_places_the_one_nearest_to_what_was_typed(shelf, earlier, meant, typed):
    shelf.add("a", passages=recording(c3=earlier, c25=meant))
    (hit,) = shelf.find(typed, moments=1).hits
    assert hit.moments[0].place == 25 * 4000
