"""One index of the server follows another: rebuilds, and what is decided meanwhile."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connections

from search import api
from search.api import Document, SearchAway
from search.engines import (
    elastic,
    elastic_index,
    elastic_write,
    filling,
    rows,
)
from search.engines.elastic_mapping import TOMBSTONE, as_stored, put_number
from search.models import IndexedDocument
from tests.search.server import held, names, once

pytestmark = [pytest.mark.stack, pytest.mark.django_db]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [1, 50])
def test_a_rebuild_is_never_without_results_and_brings_nothing_back(shelf, monkeypatch, at_once):
    """Searched all the while; one story is taken back and one is published in the middle."""
    monkeypatch.setattr(filling, "MOST_DOCUMENTS", at_once)
    for key in "abcd":
        shelf.add(key, "Lighthouse")
    [old] = names()
    api.remove("d", 2)
    seen: list[api.Results] = []
    done = threading.Event()

    def documents():
        for number, key in enumerate("abcd"):
            yield Document(key, "Lighthouse"), 1
            if number == 1:
                api.remove("a", 2)
                api.hide("c", 2)
                shelf.add("e", "Lighthouse")
                assert shelf.ids("lighthouse") == ["b", "e"]

    def look():
        while not done.is_set():
            seen.append(shelf.find("lighthouse"))
        connections.close_all()

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        # At the moment when "a" is taken back, it was written, or was not yet.
        assert api.rebuild(documents()) == (2 if at_once == 1 else 1)
        for _ in range(5):
            assert api.rebuild((Document(key, "Lighthouse"), 1) for key in "be") == 2
    finally:
        done.set()
        for looker in lookers:
            looker.join()
    assert len(seen) > 10
    assert {results.problem for results in seen} == {""}
    assert all({hit.document_id for hit in results.hits} >= {"b"} for results in seen)
    assert not any("d" in {hit.document_id for hit in results.hits} for results in seen)
    assert shelf.ids("lighthouse") == ["b", "e"]
    [new] = names()
    assert new != old
    assert held("a") is None
    assert held("c") is None


@pytest.mark.parametrize("change", ["put", "remove"])
def test_a_write_that_began_before_the_new_index_reaches_it(shelf, monkeypatch, change):
    shelf.add("a", "Lighthouse")
    fresh = []

    def begin_and_fill():
        fresh.append(elastic_index.begin())
        source = as_stored(Document("a", "Lighthouse"), 1)
        elastic_write.write("a", source, put_number(1), only=elastic_index.following())

    if change == "put":
        once(monkeypatch, elastic, "_make_live", begin_and_fill)
        assert api.put(Document("a", "Windmill"), 2)
    else:
        once(monkeypatch, elastic, "_make_removed", begin_and_fill)
        api.remove("a", 2)
    elastic_index.take_over(fresh[0])
    assert held("a") == (as_stored(Document("a", "Windmill"), 2) if change == "put" else TOMBSTONE)
    assert shelf.find("windmill").total == (change == "put")


@pytest.mark.parametrize("undo", [api.hide, api.remove])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("version", [3, 4])
def test_a_decision_while_many_are_written_wins(shelf, monkeypatch, undo, moment, version):
    """About one that was found so far, and about one that search had not heard of."""
    shelf.add("a", "Lighthouse", version=3)

    def decide():
        undo("a", version)
        undo("b", version)

    name = (elastic_write, "write_many") if moment == "before" else (rows, "add_live")
    once(monkeypatch, *name, decide)
    for key in "bc":
        Group.objects.create(name=key)
    assert api.rebuild([(Document(key, "Lighthouse"), 3) for key in "abc"]) == 1
    assert shelf.ids("lighthouse") == ["c"]
    assert not held("a")
    assert not held("b")
    assert api.put(Document("a", "Lighthouse"), version + 1)
    assert shelf.ids("lighthouse") == ["a", "c"]


def test_a_put_and_an_older_decision_while_many_are_written(shelf, monkeypatch):
    shelf.add("a", "Lighthouse", version=3)
    Group.objects.create(name="b")

    def decide():
        shelf.add("a", "Windmill", version=4)
        api.hide("b", 2)

    once(monkeypatch, rows, "add_live", decide)
    assert api.rebuild([(Document(key, "Lighthouse"), 3) for key in "ab"]) == 1
    assert shelf.ids("lighthouse") == ["b"]
    assert shelf.ids("windmill") == ["a"]


def test_a_rebuild_that_fails_leaves_all_as_it_was(shelf):
    shelf.add("a", "Lighthouse")
    before = names()

    def documents():
        yield Document("a", "Lighthouse"), 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        api.rebuild(documents())
    assert names() == before
    assert shelf.find("lighthouse").total == 1
    # One that was killed could not even tidy up: the next one does.
    elastic_index.begin()
    shelf.add("b", "Lighthouse")
    assert api.rebuild([(Document(key, "Lighthouse"), 1) for key in "ab"]) == 2
    assert len(names()) == 1
    assert shelf.ids("lighthouse") == ["a", "b"]


def test_of_two_rebuilds_the_later_one_goes_on(shelf):
    shelf.add("a", "Lighthouse")
    inner = []

    def documents():
        if not inner:
            inner.append(elastic_index.begin())
        yield Document("a", "Lighthouse"), 1

    with pytest.raises(SearchAway, match="Another rebuild"):
        api.rebuild(documents())
    assert shelf.find("lighthouse").total == 1
    elastic_index.take_over(inner[0])
    assert shelf.find("lighthouse").total == 1
    assert len(names()) == 1


def test_an_index_of_another_version_is_not_written_to_until_it_is_rebuilt(shelf, monkeypatch):
    shelf.add("a", "Lighthouse")
    with monkeypatch.context() as other:
        other.setattr(elastic_index, "FINGERPRINT", "another")
        other.setitem(elastic_index.MAPPING, "_meta", {"fingerprint": "another"})
        assert "rebuild_search" in api.problem()
        with pytest.raises(SearchAway, match="rebuild_search"):
            api.put(Document("b", "Lighthouse"), 1)
        assert held("b") is None
        assert not IndexedDocument.objects.filter(key="b").exists()
        assert shelf.find("lighthouse").total == 1
        api.remove("a", 2)  # what takes words away fits every index
        assert held("a") == TOMBSTONE
        assert api.rebuild([(Document("a", "Lighthouse"), 3)]) == 1
        assert api.problem() == ""
        assert shelf.find("lighthouse").total == 1


@pytest.mark.django_db(transaction=True)
def test_an_index_that_a_stopped_rebuild_left_is_deleted_with_the_next_words(shelf, monkeypatch):
    shelf.add("a", "Lighthouse")
    with monkeypatch.context() as stopped:
        stopped.setattr(elastic_index, "tidy", lambda: None)
        assert api.rebuild([(Document("a", "Lighthouse"), 1)]) == 1
    old, _ = names()
    api.hide("a", 2)
    api.remove("a", 2)
    assert held("a", old), "else this test sees nothing"
    assert any("text" in place for place in api.remnants("a"))
    assert api.scrub()
    assert old not in names()
    assert api.remnants("a") == []
