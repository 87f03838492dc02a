"""verify_consents names whatever was done to the records behind the triggers' back."""

# The tables' names are ours.
# ruff: noqa: S608

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.query import QuerySet

from archive.settings import engines
from stories import journal
from stories.consent import chain, checking, triggers
from stories.consent.events import ChainHead, ConsentEvent
from stories.consent.models import current_statement
from stories.consent.record import Answer, record

PURPOSES = ("publish_text", "site_search", "external_search_engines")


@pytest.fixture
def records(site) -> list[ConsentEvent]:
    """Six records, numbered 1 to 6, of two people."""
    people = uuid.uuid4(), uuid.uuid4()
    return [
        record(who, Answer(current_statement(purpose), "yes"))
        for who in people
        for purpose in PURPOSES
    ]


@pytest.fixture
def verify(records, capsys) -> Callable[[], list[str]]:
    """What verify_consents names; nothing when it ends well."""

    def run() -> list[str]:
        capsys.readouterr()
        try:
            call_command("verify_consents", no_color=True)
        except CommandError:
            return capsys.readouterr().out.splitlines()[4:]
        assert capsys.readouterr().out.endswith("All is as it was written.\n")
        return []

    return run


def behind_the_triggers(sql: str, *values) -> None:
    """What somebody with the database in their hands can do, leaving the triggers as they were."""
    triggers.lift()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    triggers.install()


def test_untouched_records_are_well_and_it_says_what_was_looked_at(records, verify, capsys):
    assert verify() == []
    call_command("verify_consents")
    said = capsys.readouterr().out
    assert "6 consent records, the newest with the number 6; 21 statements." in said
    assert f"{len(list(journal.read()))} lines of the journal." in said
    assert "No backup was restored." in said
    assert all(name in said for name in triggers.wanted())


def test_each_single_altered_field_is_named(records):
    other = {
        "event_time": "2020-01-01 00:00:00",
        "expires_at": "2099-01-01 00:00:00",
        "statement_id": current_statement("ai_reuse").pk,
        "purpose_id": "ai_reuse",
        "pii_type": '["pd:Other"]',
        "pii_controllers": '["Somebody else"]',
        "storage_locations": "[]",
        "recipient_third_parties": '["A partner"]',
        "record_id": uuid.uuid4().hex,
        "pii_principal_id": uuid.uuid4().hex,
    }
    for field in set(chain.CHAINED) - {"number"}:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {field} FROM stories_consentevent WHERE number = 3")
            [before] = cursor.fetchone()
        change = f"UPDATE stories_consentevent SET {field} = %s WHERE number = 3"
        behind_the_triggers(change, other.get(field, "7"))
        named = list(chain.problems())
        assert "Record 3 is not as it was written." in named, field
        assert not [line for line in named if "3" not in line], field
        behind_the_triggers(change, before)
        assert list(chain.problems()) == []


def test_an_altered_code_is_named_once(verify):
    behind_the_triggers("UPDATE stories_consentevent SET mac = 'f' WHERE number = 3")
    assert verify() == ["Record 3 is not as it was written."]


# What each database lets somebody write that nobody can read.
UNREADABLE = {
    "sqlite": ["event_time = '2020-13-45 00:00:00'", "record_id = 'nobody'"],
    "postgresql": ["event_time = 'infinity'", "expires_at = '20000-01-01'"],
}


@pytest.mark.parametrize("broken", UNREADABLE[engines.DATABASE])
def test_a_record_that_can_not_be_read_is_named(verify, broken):
    behind_the_triggers(f"UPDATE stories_consentevent SET {broken} WHERE number = 3")
    assert verify() == ["Record 3 can't be read any more."]


@pytest.mark.stack
def test_a_row_altered_while_triggers_rested_is_named(verify):
    """Whoever administers the server can let all triggers rest, and leave no sign of it there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE stories_consentevent SET allows = 9 WHERE number = 3")
        cursor.execute("DELETE FROM stories_consentevent WHERE number = 5")
    assert triggers.missing() == []
    assert verify() == ["Record 5 is missing.", "Record 3 is not as it was written."]


@pytest.mark.stack
@pytest.mark.parametrize("way", ["DISABLE", "ENABLE REPLICA"])
def test_a_trigger_that_was_switched_off_is_named(verify, way):
    name = "stories_consentevent_no_delete"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE stories_consentevent {way} TRIGGER {name}")
        cursor.execute("DELETE FROM stories_consentevent WHERE number = 4")
    assert verify() == [
        f"The trigger {name} is missing or switched off.",
        "Record 4 is missing.",
    ]


def test_a_deleted_row_in_the_middle_is_named(verify):
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number = 4")
    assert verify() == ["Record 4 is missing."]


def test_a_deleted_row_and_a_changed_neighbour_are_both_named(verify):
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number = 3")
    behind_the_triggers("UPDATE stories_consentevent SET allows = 0 WHERE number = 4")
    assert verify() == ["Record 3 is missing.", "Record 4 is not as it was written."]


@pytest.mark.parametrize("head_too", [False, True])
def test_a_cut_tail_is_named(records, verify, head_too):
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number > 4")
    if head_too:
        ChainHead.objects.update(number=4, mac=records[3].mac)
    assert verify() == ["The end is cut off: records 5 to 6 are missing."]


def test_a_cut_tail_that_grew_again_is_named(records, verify):
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number > 5")
    ChainHead.objects.update(number=5, mac=records[4].mac)
    record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes"))
    # The journal keeps both lines; the first one is what was written.
    assert verify() == ["Record 6 was written again: the journal knows another one."]


def recompute(change: Callable[[ConsentEvent], None]) -> None:
    """The whole chain anew, by somebody who has the key and the database, not the journal."""
    triggers.lift()
    before = ""
    for event in ConsentEvent.objects.order_by("number"):
        change(event)
        before = event.mac = chain.mac_of(before, event)
        fields = ConsentEvent._meta.concrete_fields
        values = {f.name: getattr(event, f.attname) for f in fields if f.name != "id"}
        ConsentEvent.objects.filter(pk=event.pk).update(**values)
    ChainHead.objects.update(mac=before)
    triggers.install()


def test_a_recomputed_chain_is_named(verify):
    def allow_more(event: ConsentEvent) -> None:
        if event.number == 3:
            event.recipient_third_parties = ["A partner"]

    recompute(allow_more)
    assert verify() == [
        "Records 3 to 6 were written again: the journal knows other ones.",
    ]


def test_a_head_that_fits_no_record_is_named(verify):
    ChainHead.objects.update(mac="0" * 64)
    assert verify() == ["The head of the chain does not fit record 6."]


def test_a_missing_trigger_is_named(verify):
    on = "" if connection.vendor == "sqlite" else " ON stories_statement"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER stories_statement_no_delete{on}")
    assert verify() == ["The trigger stories_statement_no_delete is missing or switched off."]


@pytest.mark.parametrize("hash_too", [False, True])
def test_changed_words_of_a_statement_are_named(verify, hash_too):
    statement = current_statement("site_search")
    words = [statement.question, "Something much wider.", statement.easy_read]
    behind_the_triggers(
        "UPDATE stories_statement SET text = %s, sha256 = %s WHERE id = %s",
        words[1],
        hashlib.sha256("\n\n".join(words).encode()).hexdigest() if hash_too else statement.sha256,
        statement.pk,
    )
    if hash_too:
        named = "Record {} names a statement that has other words now."
        assert verify() == [named.format(2), named.format(5)]
    else:
        assert verify() == [f"The words of statement {statement} are not those of its SHA-256."]


def test_a_statement_that_asks_for_more_than_it_did_is_named(verify):
    behind_the_triggers("UPDATE stories_statement SET scope = 2 WHERE purpose_id = 'site_search'")
    named = "Record {} says yes to a statement that asks for more or less now."
    assert verify() == [named.format(2), named.format(5)]


@contextmanager
def foreign_keys_rest() -> Iterator[None]:
    """As whoever holds the database in their hands can let them."""
    rest, again = {
        "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        "postgresql": ("SET session_replication_role = replica", "RESET session_replication_role"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(rest)
        yield
        cursor.execute(again)


def test_a_deleted_statement_is_named(verify):
    with foreign_keys_rest():
        behind_the_triggers("DELETE FROM stories_statement WHERE purpose_id = 'site_search'")
        named = "Record {} names a statement that is gone."
        assert verify() == [named.format(2), named.format(5)]
        # So that the emptying finds nothing that hangs in the air.
        triggers.lift()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM stories_consentevent")


# The journal


def test_a_changed_journal_is_named_and_the_records_are_still_looked_at(verify):
    lines = settings.JOURNAL_PATH.read_text().splitlines(keepends=True)
    lines[4] = lines[4].replace('"allows": 1', '"allows": 2')
    settings.JOURNAL_PATH.write_text("".join(lines))
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number = 3")
    assert verify() == ["The journal was changed at line 5.", "Record 3 is missing."]


def test_a_journal_that_is_away_or_begins_late_is_named(verify):
    settings.JOURNAL_PATH.unlink()
    said = ["The journal knows none of the records. Is JOURNAL_PATH the right one?"]
    assert verify() == said
    assert chain.catch_up() == 0  # or the loss would no longer show
    assert verify() == said
    record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes"))
    said = ["The journal begins after records 1 to 6: an earlier part of it is gone."]
    assert verify() == said
    assert chain.catch_up() == 0
    assert verify() == said


def crash_before_the_line(monkeypatch) -> None:
    """The commit stands; the process dies before it writes its line."""
    with monkeypatch.context() as dying:
        dying.setattr(chain, "write_to_journal", lambda event: None)
        record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes"))


def test_what_a_crash_left_out_of_the_journal_is_written_later(verify, monkeypatch):
    crash_before_the_line(monkeypatch)
    record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes"))
    crash_before_the_line(monkeypatch)
    assert verify() == []
    assert sorted(chain.heads_in_journal()) == [1, 2, 3, 4, 5, 6, 8]
    assert chain.catch_up() == 2
    assert chain.catch_up() == 0
    heads = chain.heads_in_journal()
    assert heads == dict(ConsentEvent.objects.values_list("number", "mac"))


def test_a_record_written_meanwhile_is_no_false_alarm(records, monkeypatch):
    """Somebody answers after each single thing that is looked at."""
    answered: list[ConsentEvent] = []
    answering = False

    def and_somebody_answers(read):
        def reading(*arguments, **named):
            nonlocal answering
            found = read(*arguments, **named)
            if not answering:
                answering = True
                answered.append(record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes")))
                answering = False
            return found

        return reading

    read_all = journal.read
    at_once = lambda *kinds: iter(list(read_all(*kinds)))  # noqa: E731
    monkeypatch.setattr(journal, "read", and_somebody_answers(at_once))
    for name in ("first", "in_bulk"):
        monkeypatch.setattr(QuerySet, name, and_somebody_answers(getattr(QuerySet, name)))
    monkeypatch.setattr(checking, "AT_ONCE", 3)
    endless = islice(checking.records(), 30)
    monkeypatch.setattr(checking, "records", lambda: endless)
    assert list(chain.problems()) == []
    assert len(answered) > 5


def test_a_restored_backup_is_known(records, verify, capsys):
    behind_the_triggers("DELETE FROM stories_consentevent WHERE number > 4")
    ChainHead.objects.update(number=4, mac=records[3].mac)
    call_command("apply_tombstones")
    assert verify() == []
    record(uuid.uuid4(), Answer(current_statement("ai_reuse"), "yes"))
    assert verify() == []
    call_command("verify_consents")
    assert ", to record 4." in capsys.readouterr().out
