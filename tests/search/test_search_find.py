"""Finding: each form of query, what it may see, order and pages."""

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import api
from search.documents import MARK_END, MARK_START
from tests.search.conftest import shown

# fmt: off
HOSTILE = [
    "back", "step", "c++", "foo-bar", "a:b", "*", '"', "-", "OR", "AND", "NOT", "NEAR(", ")", "^",
    "{title}:", "\U0001f642", "st*", "'';", "--", "\u201c", "\U00010570", "back*", '-"no', "-step",
    "%s", "?", "\x00", "\ud800", "back\x00step",
]
# fmt: on

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(shelf):
    shelf.add(
        "sea",
        "Swimming in the sea",
        people="Morag",
        tags="nature, movement",
        summary="A naïve café owner learns to swim.",
        passages=api.cut_text(
            ["The cold water helped me.", "I was recovering from a long winter."]
        ),
    )
    shelf.text("work", "Going back to work step by step.", "The step was hard.", title="Back")
    shelf.add(
        "talk",
        "A group",
        passages=api.cut_speech(
            [
                api.Cue(1000, "and " * 115 + "a peer support"),
                api.Cue(60_000, "group. On Thursdays, in the Cafe\u0301, since the 1970s."),
                api.Cue(80_000, "I don't snake_case."),
                api.Cue(90_000, "日本語 in Ελλάδα."),
            ]
        ),
    )
    shelf.text("night", "The night shift and no sleep.", "Then hope came back.", title="Nights")
    return shelf


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("winter", {"sea"}),
        ("recover", {"sea"}),  # stems: recovering
        ("Swims", {"sea"}),
        ("CAFE", {"sea", "talk"}),
        ("nàive", {"sea"}),
        ("morag winter movement", {"sea"}),  # people, second paragraph, tags
        ('"step by step"', {"work"}),
        ('"by step hard"', set()),
        ('"no sleep then"', {"night"}),  # runs on into the next paragraph
        ("winter OR shift", {"sea", "night"}),
        ("back", {"work", "night"}),
        ("back -shift", {"work"}),  # shift is in another paragraph than back
        ('back -"going back"', {"night"}),
        ("back -shi*", {"work"}),
        ("recoveri*", {"sea"}),  # longer than the stem
        ("swi*", {"sea"}),
        ('"night shi*"', {"night"}),
        ("zzz*", set()),
        ("winter -zzz*", {"sea"}),
        ("winter -🙂", {"sea"}),
        ("c++", set()),
        ('"peer sup*"', {"talk"}),
        ('"peers suppor*"', {"talk"}),  # the words before its last are stems
        ('"support group on"', {"talk"}),  # said over a cut between passages
        ("cafe\u0301 -swimming", {"talk"}),  # the accent as a character of its own, both ways
        ("don't", {"talk"}),
        ('"don t"', {"talk"}),
        ("snake_case", {"talk"}),
        ("case_snake", set()),
        ("1970s", {"talk"}),
        ("日本語", {"talk"}),
        ("Ελλάδα OR winter", {"talk", "sea"}),
        ("group -thursdays", set()),
        ("hope OR winter -cold -shift", set()),
        ("recovering recovered recovers", {"sea"}),
    ],
)
def test_forms(library, typed, ids):
    results = library.find(typed)
    assert {hit.document_id for hit in results.hits} == ids
    assert results.total == len(ids)
    assert not results.relaxed
    assert not results.problem


def test_nothing_with_all_words_gives_some_and_says_so(library):
    results = library.find("winter shift -hope")
    assert results.relaxed
    assert [hit.document_id for hit in results.hits] == ["sea"]
    assert not library.find("xylophone quartz").relaxed


def test_what_cannot_be_run_is_said_in_a_sentence(library):
    results = library.find("-winter")
    assert "leave out" in results.problem
    assert (results.total, results.hits) == (0, [])


def test_marks_keep_the_letters_as_they_were(library):
    (hit,) = library.find("swim cafe recovers").hits
    assert shown(hit.title) == "[Swimming] in the sea"
    assert shown(hit.summary) == "A naïve [café] owner learns to [swim]."
    (moment,) = hit.moments
    assert (moment.kind, moment.place) == ("text", 2)
    assert shown(moment.fragments) == "I was [recovering] from a long winter."


def test_a_text_with_our_marks_in_it_is_only_a_text(shelf):
    shelf.text("odd", f"before {MARK_END}x{MARK_START} quiet \x00 after <b>\ue000 end")
    (hit,) = shelf.find("quiet").hits
    assert shown(hit.moments[0].fragments) == (
        "before \ufffdx\ufffd [quiet] \ufffd after <b>\ue000 end"
    )


def test_a_word_in_the_title_counts_more_than_in_the_text(shelf):
    shelf.text("c", "A garden, and a garden, and some more.", title="Something else entirely")
    shelf.text("b", "Some words of something else.", title="The garden")
    shelf.add("a", "Quite another thing", tags="garden", passages=api.cut_text(["Some words."]))
    for n in range(5):
        shelf.text(f"other{n}", "Nothing of the kind.", title="Nothing")
    assert shelf.ids("garden") == ["b", "a", "c"]
    assert list(api.matching("garden", visible=shelf.visible).scores) == ["b", "a", "c"]
    scores = [hit.score for hit in shelf.find("garden").hits]
    assert scores == sorted(scores, reverse=True)


def test_only_what_is_visible_counts(library):
    some = Group.objects.filter(name__in=["work", "sea"]).values_list("name", flat=True)
    results = api.find("back", visible=some)
    assert [hit.document_id for hit in results.hits] == ["work"]
    assert results.total == 1
    assert api.find("back", visible=Group.objects.none().values("name")).total == 0
    assert api.suggest("nigh", visible=some) == []


def test_visible_is_a_subquery_of_one_column(library, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as queries:
        library.find("back")
    assert any("auth_group" in q["sql"] and "indexeddocument" in q["sql"] for q in queries)
    assert not any(q["sql"].startswith("SELECT " + '"auth_group"') for q in queries)
    with pytest.raises(ValueError, match="one column"):
        api.find("back", visible=Group.objects.all())


def test_pages_are_exact_and_ties_keep_their_order(shelf):
    keys = [f"k{n:02}" for n in range(23)]
    for key in reversed(keys):
        shelf.text(key, "The very same words.")
    pages = [shelf.find("words", limit=5, offset=start) for start in range(0, 30, 5)]
    assert [hit.document_id for page in pages for hit in page.hits] == keys
    assert {page.total for page in pages} == {23}


@pytest.mark.parametrize(
    "typed",
    [
        "winter OR shift OR back",
        "back -shift",
        "recov* OR hope",
        "wintre",  # a slip, seen through
        "winter shift -hope",  # only with some of its words
        '"wintre"',
        "-winter",
        "winter -🙂",
    ],
)
def test_all_that_matches_is_what_pages_of_hits_would_give(library, typed):
    results = library.find(typed, limit=50)
    matches = api.matching(typed, visible=library.visible)
    shared = ("total", "relaxed", "meant", "corrected", "exactly", "problem")
    assert [getattr(matches, name) for name in shared] == [
        getattr(results, name) for name in shared
    ]
    assert list(matches.scores) == [hit.document_id for hit in results.hits]

    backwards = list(reversed(matches.scores))
    hits = api.hits(matches, [*backwards, "talk to nobody"], visible=library.visible)
    assert [hit.document_id for hit in hits] == backwards
    by_id = {hit.document_id: hit for hit in results.hits}
    for hit in hits:
        assert hit.score == pytest.approx(by_id[hit.document_id].score, rel=1e-4)
        assert (hit.title, hit.summary, hit.moments) == (
            by_id[hit.document_id].title,
            by_id[hit.document_id].summary,
            by_id[hit.document_id].moments,
        )


def test_what_matched_is_shown_only_while_it_may_be(library):
    matches = api.matching("winter OR shift", visible=library.visible)
    assert set(matches.scores) == {"sea", "night"}
    some = Group.objects.filter(name="night").values("name")
    assert [hit.document_id for hit in api.hits(matches, ["sea", "night"], visible=some)] == [
        "night"
    ]
    assert list(api.matching("winter OR shift", visible=some).scores) == ["night"]
    nobody = Group.objects.none().values("name")
    assert api.hits(matches, ["sea"], visible=nobody) == []
    assert api.matching("winter", visible=nobody).total == 0
    api.hide("sea", 2)
    assert [hit.document_id for hit in api.hits(matches, ["sea"], visible=library.visible)] == []
    assert list(api.matching("winter OR shift", visible=library.visible).scores) == ["night"]


@pytest.mark.parametrize("most", [0, 1_000])
def test_a_beginning_finds_all_however_many_there_are(shelf, monkeypatch, most):
    """From some number on it is a set of documents to the embedded engine, not a list of words."""
    monkeypatch.setattr("search.engines.sqlite_match.MOST_HOLDERS", most)
    shelf.text("said", "She was kayaking, and hoped for snow.")
    shelf.add("titled", "Two Kàyaks", passages=api.cut_text(["And no snow."]))
    shelf.text("neither", "Snow on the hills.")
    assert shelf.ids("kay*") == ["titled", "said"]
    assert shelf.ids("kay* hope") == ["said"]
    assert sorted(shelf.ids("snow kay* OR hills")) == ["neither", "said", "titled"]
    assert shelf.ids("snow -kay*") == ["neither"]
    assert shelf.ids("kay* -hope") == ["titled"]
    assert shelf.find("kay*", limit=1, offset=5).total == 2
    titled, said = shelf.find("kay*").hits
    assert shown(titled.title) == "Two [Kàyaks]"
    assert shown(said.moments[0].fragments) == "She was [kayaking], and hoped for snow."


def test_titles_are_suggested(library):
    library.add("sea2", "A walk by the Séa")

    def suggest(typed: str) -> list[str]:
        return api.suggest(typed, visible=library.visible)

    assert suggest("se") == ["A walk by the Séa", "Swimming in the sea"]
    assert suggest("Swimming in t") == ["Swimming in the sea"]
    assert suggest("recov") == []  # only in the text
    assert suggest('s"*') == []
    api.hide("sea", 2)
    assert suggest("swim") == []


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(HOSTILE),
            max_size=12,
        ).map(" ".join),
    )
)
def test_nothing_that_is_typed_can_break_it(library, typed):
    results = library.find(typed)
    assert results.problem or results.total == len(results.hits)
    api.suggest(typed, visible=library.visible)


@pytest.mark.parametrize(
    "typed", ["winter allotment", '"in winter" allotment', "winter OR snow allotment"]
)
def test_what_is_said_close_by_comes_first(shelf, typed):
    """In whichever order, over the end of a paragraph, and not only in the same one."""
    filler = " ".join(f"other{number}" for number in range(40))
    shelf.text("a", f"Allotments, {filler} in winter. {filler} The allotment, {filler} in winter.")
    shelf.text("b", f"{filler} {filler} She kept an allotment.", f"In winter too. {filler}")
    assert shelf.ids(typed) == ["b", "a"]


def test_where_not_all_of_it_is_said_any_two_that_are_close_come_first(shelf):
    filler = " ".join(f"other{number}" for number in range(40))
    shelf.text("a", f"Allotments, {filler} in winter. {filler} The allotment, {filler} in winter.")
    shelf.text("b", f"{filler} {filler} She kept an allotment.", f"In winter too. {filler}")
    results = shelf.find("winter allotment zebras")
    assert results.relaxed
    assert [hit.document_id for hit in results.hits] == ["b", "a"]
    # Of so many things two say little: the one that has them more often is first, on either engine.
    many = shelf.find("winter allotment zebras lions tigers bears")
    assert [hit.document_id for hit in many.hits] == ["a", "b"]


@pytest.mark.parametrize("typed", ['"recovering slowly"', '"recovering" "slowly"', '"recovering"'])
def test_what_is_quoted_comes_first_in_just_this_form(shelf, typed):
    """Other forms of it are found as well."""
    shelf.text("a", "Recovered slowly, recovers slowly. She recovered slowly.")
    shelf.text("b", "They were recovering slowly. " + "Then came other things. " * 9)
    assert shelf.ids(typed) == ["b", "a"]


def test_what_is_said_in_one_breath_comes_first(shelf):
    """And its moment is where it is said, not where one of the words is said more often."""
    filler = " ".join(f"other{number}" for number in range(150))
    often = f"Allotment, allotment. {filler}"
    shelf.text("apart", often, "She came in winter, in winter.", "Winter.")
    shelf.text("together", often, f"{filler} In winter she kept an allotment. {filler}")
    assert shelf.ids("allotment winter") == ["together", "apart"]
    hit = shelf.find("allotment winter", moments=1).hits[0]
    assert "In [winter] she kept an [allotment]." in shown(hit.moments[0].fragments)
