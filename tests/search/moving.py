"""From the embedded engine to a search server and on: both hold what may be found all the while.

Run by test_search_move.py in a process of its own, whose database is SQLite beside a real server.
"""

from __future__ import annotations

import pytest

from search import api
from search.api import Document
from search.engines import elastic_index, filling
from search.models import DocumentText, IndexedDocument

SERVER = "elasticsearch"


@pytest.fixture(autouse=True)
def _leave_nothing_on_the_server():
    yield
    elastic_index.delete_all()


def lighthouses(*meanwhile):
    """Four documents, with something decided before the third."""
    for key in "abcd":
        if key == "c":
            for decide in meanwhile:
                decide()
        yield Document(key, "Lighthouse"), 1


def put(shelf, key: str, title: str, version: int):
    return lambda: shelf.add(key, title, version=version)


@pytest.mark.django_db(transaction=True)
def test_every_change_reaches_both_from_the_beginning(shelf, settings, monkeypatch):
    monkeypatch.setattr(filling, "MOST_DOCUMENTS", 2)
    for key in "abcd":
        shelf.add(key, "Lighthouse")
    filled = api.rebuild(
        lighthouses(
            lambda: api.remove("a", 2),  # there already
            put(shelf, "b", "Windmill", 2),
            lambda: api.remove("d", 2),  # to come
            put(shelf, "e", "Lighthouse", 1),  # not known to the rebuild
        ),
        engine=SERVER,
    )
    assert filled == 3
    assert shelf.ids("lighthouse") == ["c", "e"]
    shelf.add("f", "Lighthouse")
    api.remove("e", 2)
    api.hide("c", 2)

    settings.SEARCH_ENGINE = SERVER
    assert shelf.ids("lighthouse") == ["f"]
    assert shelf.ids("windmill") == ["b"]
    assert set(api.keys()) == {"b", "c", "f"}
    assert api.remnants("a"), "else the scrub shows nothing"
    api.remove("c", 2)
    shelf.add("g", "Lighthouse")
    while not api.scrub():
        pass
    assert {key: api.remnants(key) for key in "acde"} == {key: [] for key in "acde"}
    assert {key for key, _ in api.stored_texts()} == {"b", "f", "g"}

    settings.SEARCH_ENGINE = "sqlite"
    assert shelf.ids("lighthouse") == ["f", "g"]
    assert shelf.ids("windmill") == ["b"]
    given = [(Document("b", "Windmill"), 2), (Document("g", "Lighthouse"), 1)]
    assert api.differences(given) == api.differences(given, SERVER) == {}


@pytest.mark.django_db(transaction=True)
def test_an_engine_that_was_let_go_of_holds_nothing_and_hears_nothing(shelf, settings):
    shelf.add("a", "Lighthouse")
    api.rebuild([(Document("a", "Lighthouse"), 1)], engine=SERVER)
    settings.SEARCH_ENGINE = SERVER
    api.let_go("sqlite")
    shelf.add("b", "Lighthouse")
    assert not DocumentText.objects.exists()
    assert any("deleted words" in where for where in api.remnants("a"))
    while not api.scrub():
        pass
    assert not IndexedDocument.objects.filter(scrub_due=True).exists()
    assert shelf.ids("lighthouse") == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_words_on_a_server_that_is_away_are_not_said_to_be_gone(shelf, settings):
    shelf.add("a", "Lighthouse")
    api.rebuild([(Document("a", "Lighthouse"), 1)], engine=SERVER)
    there, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    api.hide("a", 2)
    assert shelf.ids("lighthouse") == []
    with pytest.raises(api.SearchAway):
        api.remove("a", 2)
    assert any("can't be asked" in where for where in api.remnants("a"))
    settings.ELASTICSEARCH_URL = there
    api.remove("a", 2)
    while not api.scrub():
        pass
    assert api.remnants("a") == []
