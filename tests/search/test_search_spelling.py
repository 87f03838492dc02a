"""Words that nobody said: what is near to them, which is chosen, and what is never suggested."""

import pytest
from django.contrib.auth.models import Group

from search import api
from search.spelling import near


def test_near_is_one_slip_away():
    found = near("hope")
    assert {"ope", "hop", "hopes", "shope", "hole", "cope", "ohpe", "hoep"} <= set(found)
    assert not {"hope", "ho", "hoped!", "cape"} & set(found)
    assert [near(word) for word in ("hop", "1970s", "x" * 25)] == [[], [], []]


@pytest.fixture
def library(shelf):
    shelf.text("walk", "Walking by the river every morning, with my sister.")
    shelf.text("talk", "Talking in the group, every Thursday.")
    shelf.text("hill", "Walking in the hills, and my sister came.", title="Recovery")
    return shelf


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant", "ids", "exactly"),
    [
        ("rcovery", "recovery", {"hill"}, '"rcovery"'),
        ("Recoverry!", "recovery!", {"hill"}, '"Recoverry"!'),
        ("thrusday", "thursday", {"talk"}, '"thrusday"'),
        ("sistre -river", "sister -river", {"hill"}, '"sistre" -river'),
        ("balking", "walking", {"walk", "hill"}, '"balking"'),  # two of that, one of talking
        ("balking group", "talking group", {"talk"}, '"balking" group'),  # but these go together
        ("rivre sistre", "river sister", {"walk"}, '"rivre" "sistre"'),
        ("hilla OR zzzz", "hills OR zzzz", {"hill"}, '"hilla" OR zzzz'),
    ],
)
def test_the_nearest_word_is_looked_for_instead(library, typed, meant, ids, exactly):
    results = library.find(typed)
    assert (results.meant, results.exactly) == (meant, exactly)
    assert results.corrected
    assert not results.relaxed
    assert {hit.document_id for hit in results.hits} == ids
    assert results.total == len(ids)
    as_typed = library.find(exactly)
    assert not as_typed.corrected
    assert as_typed.meant


@pytest.mark.django_db
def test_only_what_nobody_said_is_taken_for_a_slip(library):
    for typed in ("walked", "river talking", "xylophone", "grup*", "sist", "my 1971s"):
        assert not library.find(typed).meant
    results = library.find('"the rivre"')
    assert (results.total, results.corrected, results.meant) == (0, False, '"the river"')
    results = library.find("rivre group xylophone")  # nowhere together, as typed or as meant
    assert (results.meant, results.corrected) == ("river group xylophone", False)
    assert results.relaxed
    assert [hit.document_id for hit in results.hits] == ["talk"]


@pytest.mark.django_db
def test_a_word_of_the_list_is_no_slip_of_another(library):
    synonyms = api.Synonyms([["rives", "banks"]])
    assert library.find("rives").meant == "river"
    assert not api.find("rives", visible=library.visible, synonyms=synonyms).meant


@pytest.mark.django_db
def test_what_is_hidden_is_never_suggested(library):
    def meant(typed: str, visible=library.visible) -> list[str]:
        return [api.find(each, visible=visible).meant for each in (typed, f'"{typed}"')]

    assert meant("rivre") == ["river", '"river"']
    assert meant("rivre", Group.objects.exclude(name="walk").values("name")) == ["", ""]
    assert meant("rivre", Group.objects.none().values("name")) == ["", ""]
    api.hide("walk", 2)
    assert meant("rivre") == ["", ""]
    assert meant("walkign") == ["walking", '"walking"']  # another still says it
    api.remove("hill", 2)
    assert meant("rcovery") == ["", ""]
    assert meant("walkign") == ["", ""]
