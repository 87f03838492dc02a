"""What was taken back is not found, not stored, and not in the file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from search import api
from search.api import Document
from search.engines import scrub as scrubbing
from search.models import IndexedDocument

RARE = "quixotropic"


def rare_document(key: str = "a") -> Document:
    return Document(
        key,
        f"On {RARE} days",
        people=RARE,
        tags=RARE,
        summary=f"{RARE} summary",
        passages=(
            *api.cut_text([f"A {RARE} paragraph."]),
            *api.cut_speech(
                [api.Cue(n * 1000, f"{RARE} spoken {n}", (), RARE) for n in range(300)]
            ),
        ),
    )


def bytes_of_database() -> bytes:
    name = str(connection.settings_dict["NAME"])
    paths = [Path(name + ending) for ending in ("", "-wal", "-shm")]
    return b"".join(path.read_bytes() for path in paths if path.exists()).lower()


def leftovers() -> list[str]:
    """Parts of the rare word in the file: FTS5 writes terms after the prefix they share."""
    held = bytes_of_database()
    return [part for part in (RARE, RARE[:9], RARE[4:]) if part.encode() in held]


@pytest.mark.django_db
@pytest.mark.parametrize("undo", [api.hide, api.remove])
def test_versions_protect_a_decision(shelf, undo):
    shelf.add("a", "Lighthouse", version=3)
    undo("a", 4)
    for late in (0, 3, 4):
        assert api.put(Document("a", "Lighthouse"), late) is False
        assert shelf.find("lighthouse").total == 0
    assert api.put(Document("a", "Lighthouse again"), 5)
    undo("a", 4)
    assert shelf.ids("lighthouse") == ["a"]


@pytest.mark.django_db
@pytest.mark.parametrize("undo", [api.hide, api.remove])
def test_a_decision_that_comes_before_the_document_holds(shelf, undo):
    undo("a", 2)
    assert api.put(Document("a", "Lighthouse"), 1) is False
    assert api.put(Document("a", "Lighthouse"), 2) is False
    assert api.remnants("a") == []


@pytest.mark.django_db
def test_the_same_version_replaces_while_it_can_be_found(shelf):
    shelf.text("a", "A lighthouse.", version=2)
    shelf.text("a", "A windmill.", version=2)
    assert shelf.find("lighthouse OR windmil*").total == 1
    assert shelf.find("lighthouse").total == 0
    assert api.put(Document("a", "An older one"), 1) is False
    assert shelf.find("windmill").total == 1


@pytest.mark.django_db
def test_a_late_removal_still_takes_the_words_of_a_hidden_document(shelf):
    shelf.text("a", "A lighthouse.", version=2)
    api.hide("a", 5)
    api.remove("a", 3)
    assert not any("rows" in place or "text" in place for place in api.remnants("a"))
    assert api.put(Document("a", "Lighthouse"), 4) is False


@pytest.mark.django_db(transaction=True)
def test_hiding_belongs_to_the_deciding_transaction(shelf):
    shelf.text("a", "A lighthouse.")

    def decide(fail: bool) -> None:
        with transaction.atomic():
            api.hide("a", 2)
            assert shelf.find("lighthouse").total == 0
            if fail:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        decide(fail=True)
    assert shelf.find("lighthouse").total == 1
    decide(fail=False)
    assert shelf.find("lighthouse").total == 0


@pytest.mark.django_db(transaction=True)
def test_remnants_say_what_is_left_until_nothing_is(shelf):
    api.put(rare_document(), 1)
    api.put(rare_document("other"), 1)
    assert any("text" in place for place in api.remnants("a"))
    api.hide("a", 2)
    assert any("text" in place for place in api.remnants("a"))
    api.remove("a", 2)
    [waiting] = api.remnants("a")
    assert "deleted words" in waiting
    assert api.remnants("never heard of") == []
    assert api.remnants("other")
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        api.scrub()
    assert api.scrub()
    assert api.remnants("a") == []
    assert api.remnants("other")


@pytest.mark.django_db
@pytest.mark.embedded
def test_remnants_name_every_table(shelf):
    api.put(rare_document(), 1)
    places = " ".join(api.remnants("a"))
    for name in ("text", "passages", "document_fts", "word_fts", "passage_fts"):
        assert name in places
    assert len(api.remnants("a")) == 5


@pytest.mark.django_db
def test_what_is_stored_can_be_read_until_it_is_removed(shelf):
    api.put(rare_document("a"), 1)
    api.put(rare_document("b"), 1)
    api.hide("b", 2)
    held: dict[str, str] = {}
    for key, text in api.stored_texts():
        held[key] = held.get(key, "") + text
    for key in "ab":
        for words in (f"On {RARE} days", f"{RARE} summary", f"A {RARE} paragraph.", "spoken 299"):
            assert words.lower() in held[key].lower()
    api.remove("a", 2)
    assert {key for key, _ in api.stored_texts()} == {"b"}
    api.remove("b", 2)
    assert list(api.stored_texts()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.embedded
@pytest.mark.parametrize("pages", [500, 1])
def test_no_byte_of_a_removed_word_stays_in_the_file(shelf, monkeypatch, pages):
    monkeypatch.setattr(scrubbing, "MERGE_PAGES", pages)
    for n in range(30):
        shelf.text(f"other{n}", f"Quiet quotations, quixotic ones too, number {n}.", title="Quite")
    api.put(rare_document("a"), 1)
    api.put(rare_document("b"), 1)
    for n in range(30, 60):
        shelf.text(f"other{n}", f"Quiet quotations, quixotic ones too, number {n}.", title="Quite")
    assert api.scrub()
    assert RARE in leftovers()

    # One is taken back; the other's new version no longer has the word.
    api.hide("a", 2)
    api.remove("a", 2)
    api.put(Document("b", "Plain"), 2)
    assert leftovers(), "without a scrub the word is still there: else this test sees nothing"
    assert api.scrub()

    assert leftovers() == []
    assert api.remnants("a") == []
    assert scrubbing.WAITING not in api.remnants("b")
    assert shelf.find("quixotic").total == 60
    assert shelf.find("quixotr*").total == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_word_vocab WHERE term LIKE 'quixotr%%'")
        assert cursor.fetchone() == (0,)
        for table in ("search_document_fts", "search_passage_fts", "search_word_fts"):
            # Compares index and text; raises where they differ.
            check = f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            cursor.execute(check)


@pytest.mark.django_db(transaction=True)
@pytest.mark.embedded
def test_a_reader_in_the_way_is_not_taken_for_done(shelf, monkeypatch):
    monkeypatch.setattr(scrubbing, "PATIENCE_MS", 50)
    api.put(rare_document(), 1)
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM search_documenttext").fetchone()
    api.remove("a", 2)
    assert api.scrub() is False
    assert api.remnants("a") == [scrubbing.WAITING]
    reader.execute("COMMIT")
    assert api.scrub() is True
    assert api.remnants("a") == []
    assert leftovers() == []
    reader.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.embedded
def test_what_is_removed_during_a_scrub_waits_for_the_next(shelf, monkeypatch):
    api.put(rare_document("a"), 1)
    api.put(rare_document("b"), 1)
    api.remove("a", 2)
    truncate = scrubbing._truncate

    def meanwhile(connection):
        api.remove("b", 2)
        return truncate(connection)

    monkeypatch.setattr(scrubbing, "_truncate", meanwhile)
    assert api.scrub() is True
    assert api.remnants("a") == []
    assert api.remnants("b") == [scrubbing.WAITING]


@pytest.mark.django_db(transaction=True)
@pytest.mark.embedded
def test_flush_empties_the_index_as_well(shelf):
    api.put(rare_document(), 1)
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_word_vocab")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.embedded
def test_words_of_rows_that_were_emptied_past_us_do_not_outlive_the_next_put(shelf):
    api.put(rare_document(), 1)
    IndexedDocument.objects.all().delete()
    shelf.text("b", "A lighthouse.")
    assert shelf.find("lighthouse").total == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_word_vocab WHERE term = %s", [RARE])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_rebuilding_brings_back_nothing_that_was_taken_back(shelf):
    for key in "abcd":
        shelf.add(key, "Lighthouse")
    api.remove("b", 2)
    api.hide("c", 2)
    everything = [(Document(key, "Lighthouse tower"), 1) for key in "abcd"]
    assert api.rebuild(iter(everything)) == 2
    assert api.rebuild(iter(everything)) == 2
    assert shelf.ids("tower") == ["a", "d"]
