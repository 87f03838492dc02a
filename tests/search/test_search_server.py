"""What only a search server can do to us: late writes, and files of its own."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace
from functools import partial

import pytest
from django.db import connections
from elasticsearch._sync.client.indices import IndicesClient

from search import api
from search.api import Document, SearchAway
from search.engines import (
    elastic,
    elastic_find,
    elastic_index,
    elastic_scrub,
    elastic_write,
)
from search.engines import elastic_query as dsl
from search.engines.elastic_client import WRITING, client
from search.engines.elastic_mapping import TOMBSTONE, as_stored, put_number, tombstone_number
from search.models import IndexedDocument
from tests.search.server import files_with, flush, held, history_has_gone, once, row
from tests.search.test_search_withdrawal import RARE, rare_document

pytestmark = [pytest.mark.stack, pytest.mark.django_db]


@pytest.mark.parametrize("undo", [api.hide, api.remove])
@pytest.mark.parametrize("moment", ["before its write", "after its write"])
@pytest.mark.parametrize("version", [3, 4])
def test_a_put_that_is_overtaken_leaves_nothing(shelf, monkeypatch, undo, moment, version):
    """The row was asked, and then somebody decided, at the put's own version or a later one."""
    shelf.add("a", "Lighthouse", version=2)
    name = (elastic_write, "write") if moment.startswith("before") else (elastic, "_make_live")
    once(monkeypatch, *name, partial(undo, "a", version))
    assert api.put(Document("a", f"A {RARE} lighthouse"), 3) is False
    assert shelf.find("lighthouse").total == 0
    assert held("a") == TOMBSTONE
    assert row("a") == (version, "removed", True)
    assert api.put(Document("a", "Lighthouse again"), 5)
    assert shelf.find("lighthouse").total == 1


def test_an_older_write_never_wins_at_the_server(shelf):
    shelf.add("a", "Lighthouse", version=4)
    late = as_stored(Document("a", "Windmill"), 3)
    assert elastic_write.write("a", late, put_number(3)).refused
    assert shelf.find("lighthouse").total == 1
    api.remove("a", 4)
    for version in (3, 4):
        late = as_stored(Document("a", "Windmill"), version)
        assert elastic_write.write("a", late, put_number(version)).refused
    assert held("a") == TOMBSTONE


def test_a_text_of_another_version_than_the_row_is_not_there(shelf):
    """As after a crash between the two writes, or a server brought back from a snapshot."""
    shelf.add("a", "Lighthouse", version=4)
    shelf.add("b", "Lighthouse", version=4)
    for version in (3, 5):
        IndexedDocument.objects.filter(key="a").update(version=version)
        results = shelf.find("lighthouse")
        assert [hit.document_id for hit in results.hits] == ["b"]
        assert results.total == 1
        assert api.suggest("ligh", visible=shelf.visible) == ["Lighthouse"]
    IndexedDocument.objects.filter(key="b").update(version=3)
    assert api.suggest("ligh", visible=shelf.visible) == []


def test_what_is_hidden_while_the_server_thinks_is_not_shown(shelf, monkeypatch):
    shelf.add("a", "Lighthouse")
    shelf.add("b", "Lighthouse")
    real = elastic_find.live_stamps

    def then_hide(visible, keys=None):
        stamps = real(visible, keys)
        if keys is None:
            api.hide("a", 2)
        return stamps

    monkeypatch.setattr(elastic_find, "live_stamps", then_hide)
    results = shelf.find("lighthouse")
    assert ([hit.document_id for hit in results.hits], results.total) == (["b"], 1)


def test_a_server_that_is_ahead_of_the_database_says_what_to_do(shelf):
    """As after a database was restored from a backup."""
    shelf.add("a", "Lighthouse", version=9)
    IndexedDocument.objects.all().delete()
    with pytest.raises(SearchAway, match="rebuild_search"):
        api.put(Document("a", "Lighthouse"), 4)
    assert api.rebuild([(Document("a", "Lighthouse"), 4)]) == 1
    assert shelf.find("lighthouse").total == 1


def test_more_documents_than_one_condition_takes(shelf, monkeypatch):
    monkeypatch.setattr(dsl, "MOST_TERMS", 2)
    for n in range(5):
        shelf.add(f"k{n}", "Lighthouse")
    assert shelf.find("lighthouse").total == 5


def test_pages_end_where_the_server_s_window_does(shelf, monkeypatch):
    for n in range(4):
        shelf.add(f"k{n}", "Lighthouse")
    results = shelf.find("lighthouse", offset=20_000)
    assert (results.total, results.hits, results.problem) == (4, [], "")
    assert shelf.find("lighthouse", limit=10_001).total == 4
    monkeypatch.setattr(elastic_find, "PAGED", 3)
    assert shelf.ids("lighthouse", limit=2, offset=2) == ["k2"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["copied", "merged", "merged a moment too soon"])
def test_no_file_of_the_server_keeps_a_removed_word(shelf, monkeypatch, way):
    if way != "copied":
        monkeypatch.setattr(elastic_scrub, "SMALL", 0)
    # Others may run this on the same server: a word of our own.
    rare = "".join(random.choices("bcdfghjkm", k=14))  # noqa: S311
    documents = [replace(rare_document(key), people=rare, title=f"On {rare} days") for key in "ab"]
    for n in range(5):
        shelf.text(f"other{n}", f"Quiet {rare[:3]}s, number {n}.", title="Quite")
    api.put(documents[0], 1)
    assert ".tlog" in files_with(rare)
    flush()
    assert {".tim", ".cfs"} & set(files_with(rare)), "else this test sees nothing"
    api.put(documents[1], 1)
    api.hide("a", 2)
    api.remove("a", 2)
    api.put(Document("b", "Plain"), 2)
    flush()
    assert files_with(rare), "without a scrub the word is still there"
    assert list(filter(None, map(api.remnants, ["a", "b"])))

    if way == "merged a moment too soon":
        # It lets go of them between its merge and our last flush, and refreshes nothing by itself.
        client(WRITING).indices.put_settings(
            index=elastic_index.current(), settings={"refresh_interval": "-1"}
        )
        real = IndicesClient.forcemerge
        monkeypatch.setattr(
            IndicesClient,
            "forcemerge",
            lambda self, **how: (real(self, **how), history_has_gone()),
        )
    ends = time.monotonic() + 90
    while not api.scrub():  # the server lets go of its history every half minute
        assert way != "copied"
        assert api.remnants("a") == [elastic_scrub.WAITING]
        assert time.monotonic() < ends
        time.sleep(2)

    # The server says that an old index is gone a moment before it has deleted its files.
    ends = time.monotonic() + 10
    while (left := files_with(rare)) and time.monotonic() < ends:
        time.sleep(0.2)
    assert left == []
    assert api.remnants("a") == []
    assert not row("b")[2]
    assert shelf.find("quite").total == 5


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_the_index_is_copied_is_not_lost(shelf, monkeypatch):
    for key in "abc":
        shelf.add(key, "Lighthouse")
    api.remove("a", 2)
    real = elastic_scrub.pages

    def meanwhile(name):
        for hits in real(name):
            api.remove("b", 2)
            shelf.add("c", "Windmill", version=2)
            shelf.add("d", "Windmill")
            yield hits

    monkeypatch.setattr(elastic_scrub, "pages", meanwhile)
    assert api.scrub()
    assert shelf.find("lighthouse").total == 0
    assert shelf.ids("windmill") == ["c", "d"]
    assert held("b") == TOMBSTONE
    assert api.remnants("a") == []
    assert api.remnants("b") == [elastic_scrub.WAITING]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_of_the_server_when_nothing_was_deleted(shelf, settings):
    shelf.add("a", "Lighthouse")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert api.scrub()


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once(shelf):
    """Threads of their own put, hide and remove one document; the highest version has the word."""
    shelf.add("a", "Lighthouse", version=1)
    start = threading.Barrier(4)

    def act(what, *args):
        start.wait()
        try:
            what(*args)
        finally:
            connections.close_all()

    acts = [
        (api.put, Document("a", "Lighthouse two"), 2),
        (api.hide, "a", 3),
        (api.remove, "a", 4),
        (api.put, Document("a", "Lighthouse five"), 5),
    ]
    threads = [threading.Thread(target=act, args=each) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert row("a")[:2] == (5, "live")
    assert held("a")["stamp"] == "a@5"
    assert held("a")["shown"]["title"] == "Lighthouse five"
    assert tombstone_number(4) < put_number(5)
    assert shelf.find("five").total == 1


def test_all_that_matches_is_given_beyond_what_the_server_gives_at_once(shelf, monkeypatch):
    """By their scores and, where these are alike, by their ids: nothing twice, nothing left out."""
    for number in range(23):
        shelf.text(f"k{number:02}", "The very same words. " * (1 + number % 2))
    ids = list(api.matching("words", visible=shelf.visible).scores)
    assert len(ids) == 23
    monkeypatch.setattr(elastic_find, "WINDOW", 5)
    matches = api.matching("words", visible=shelf.visible)
    assert list(matches.scores) == ids
    last = api.hits(matches, ids[20:], visible=shelf.visible)
    assert [hit.document_id for hit in last] == ids[20:]


def test_a_server_that_went_away_before_it_could_show_says_so(shelf, monkeypatch):
    shelf.text("a", "The very same words.")
    matches = api.matching("words", visible=shelf.visible)

    def away(**request):
        raise SearchAway("The search server is away.")

    monkeypatch.setattr(elastic_find, "_ask", away)
    with pytest.raises(SearchAway):
        api.hits(matches, ["a"], visible=shelf.visible)
    gone = api.matching("words", visible=shelf.visible)
    assert (gone.resting, gone.total) == (True, 0)
