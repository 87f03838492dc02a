"""A rebuild that is stopped, and gone on with."""

from __future__ import annotations

import pytest

from search import api
from search.api import Document
from search.engines import filling


def library(after: str = "", asked: list[str] | None = None, stop_at: str = ""):
    """Six documents by rising id; Ctrl-C is pressed before one of them."""
    for key in "abcdef":
        if key <= after:
            continue
        if key == stop_at:
            raise KeyboardInterrupt
        if asked is not None:
            asked.append(key)
        yield Document(key, "Lighthouse"), 1


@pytest.fixture
def stopped(shelf, monkeypatch) -> None:
    monkeypatch.setattr(filling, "MOST_DOCUMENTS", 3)
    for key in "abcdef":
        shelf.add(key, "Lighthouse")
    with pytest.raises(KeyboardInterrupt):
        api.rebuild(library(stop_at="d"))


def test_a_stopped_rebuild_goes_on_where_it_was_and_loses_no_change(shelf, stopped):
    assert shelf.ids("lighthouse") == list("abcdef")
    assert api.stopped_after() == "c"
    shelf.add("a", "Windmill", version=2)  # done already, and changed since
    api.remove("b", 2)
    shelf.add("e", "Windmill", version=2)  # to come
    api.remove("f", 2)
    asked: list[str] = []
    assert api.rebuild(library("c", asked), after="c") == 1
    assert asked == list("def")
    assert api.stopped_after() == ""
    assert shelf.ids("lighthouse") == ["c", "d"]
    assert shelf.ids("windmill") == ["a", "e"]
    given = [(Document(key, "Lighthouse"), 1) for key in "cd"]
    given += [(Document(key, "Windmill"), 2) for key in "ae"]
    assert api.differences(given) == {}
    assert set(api.keys()) == {"a", "c", "d", "e"}


def test_one_that_is_stopped_counts_nothing_as_done_that_waits_to_be_written(shelf):
    for key in "abcdef":
        shelf.add(key, "Lighthouse")
    with pytest.raises(KeyboardInterrupt):
        api.rebuild(library(stop_at="d"))
    assert api.stopped_after() == ""
    assert api.rebuild(library()) == 6
    assert shelf.ids("lighthouse") == list("abcdef")


def test_it_may_begin_anew_and_an_old_note_is_forgotten(shelf, stopped):
    asked: list[str] = []
    api.rebuild(library(asked=asked))
    assert asked == list("abcdef")
    assert api.stopped_after() == ""


@pytest.mark.stack
def test_an_index_that_was_begun_since_is_not_taken_for_the_stopped_one(shelf, stopped):
    from search.engines import elastic_index

    elastic_index.begin()
    assert api.stopped_after() == ""
    elastic_index.give_up(elastic_index.being_filled())
    with pytest.raises(api.SearchAway, match="Another rebuild"):
        api.rebuild(library("c"), after="c")
    assert shelf.ids("lighthouse") == list("abcdef")


def test_the_engine_in_force_is_not_let_go_of(shelf):
    with pytest.raises(ValueError, match="in force"):
        api.let_go("")
