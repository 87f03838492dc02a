"""The withdrawal ledger: a row for each thing, done when it is gone; copies outside followed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from stories.consent.models import current_statement
from stories.consent.record import By
from stories.contributions.models import Contribution
from stories.publishing import closing
from stories.publishing import reconcile as reconciling
from stories.publishing.answer import Answer, answer
from stories.publishing.ask import answer_ask, ask
from stories.publishing.closing import outside, outside_after_change, summary, tick_off
from stories.publishing.ledger import Closing, OutsideCopy
from stories.publishing.steps import STEPS
from stories.publishing.things import OTHER
from stories.publishing.withdraw import destroy, withdraw
from tests import recordings
from tests.people import Moderator, work

State = Closing.State
STAFF = By(actor="staff:1")


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", "Jean put another note through the door.")
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


def rows(story: Contribution) -> dict[str, str]:
    return {f"{row.step}: {row.thing}": row.state for row in story.closings.all()}


def test_every_thing_has_a_row_before_it_goes_and_every_row_ends_done(published):
    withdraw(published)
    listed = rows(published)
    assert set(listed.values()) == {State.OPEN}
    for thing in ("page: page", "sources: version 1", "sources: sealed words", "sources: key"):
        assert thing in listed
    assert "search: search: the text of the document" in listed
    work()
    kept = {thing for thing, state in rows(published).items() if state == State.OPEN}
    assert kept
    assert all(thing.startswith("sources: ") for thing in kept)  # and nobody has tried them yet
    assert not published.closings.filter(step="sources", attempts__gt=0).exists()
    published.refresh_from_db()
    destroy(published)
    work()
    published.refresh_from_db()
    assert published.state == "erased"
    assert set(rows(published).values()) == {State.DONE}
    assert ("Your story's page", 1) in summary(published)
    assert not [label for label, _ in summary(published) if label == OTHER]


def test_each_file_and_note_of_a_recording_has_a_row(contributor):
    contributor.tell("The garlic", recording=recordings.sound("flac", 1), others="Jean\nDougal")
    story = Contribution.objects.get()
    withdraw(story)
    things = "\n".join(rows(story))
    assert f"sources: originals: {story.upload.asset_id}/" in things
    assert "sources: mediaasset: 1" in things


def test_what_a_late_worker_made_is_listed_too(published):
    withdraw(published, destroy_after=timezone.now())
    published.refresh_from_db()
    [step] = [step for step in STEPS if step.name == "sources"]
    late = replace(step, remnants=lambda story: ["rendition: 3", "renditions: x/late"])
    tick_off(published, late, "OSError")
    row = published.closings.get(thing="renditions: x/late")
    assert (row.state, row.attempts, row.problem) == (State.FAILED, 1, "OSError")
    work()
    assert set(rows(published).values()) == {State.DONE}


def test_a_failure_is_counted_and_shown_at_the_desk(published, moderator, monkeypatch):
    def broken(story):
        raise OSError("the disk is away")

    steps = tuple(replace(step, close=broken) if step.name == "page" else step for step in STEPS)
    monkeypatch.setattr(reconciling, "STEPS", steps)
    withdraw(published)
    work()
    row = published.closings.get(thing="page")
    assert (row.state, row.problem, row.attempts) == (State.FAILED, "OSError", 1)
    desk = moderator.client.get(reverse("desk_withdrawals")).content.decode()
    assert published.reference in desk
    assert "tried 1 time (OSError)" in desk
    monkeypatch.undo()
    reconciling.reconcile(published.pk)
    assert published.closings.get(thing="page").state == State.DONE


def test_copies_outside_are_named_by_what_was_let_out(published):
    for partner in ("Care Quarterly", "Other Paper"):
        asked = ask(published, "partner_reuse", partner, "For its magazine.", by=STAFF)
        answer_ask(asked, "yes", current_statement("partner_reuse"))
    published.refresh_from_db()
    withdraw(published)
    held = {(copy.kind, copy.holder): copy.state for copy in outside(published)}
    assert held == {
        ("search_cache", "Google, Bing and others"): "to_ask",
        ("web_archive", "web archives"): "to_ask",
        ("partner", "Care Quarterly"): "to_ask",
        ("partner", "Other Paper"): "to_ask",
    }


def test_what_was_never_out_has_no_copies_outside(contributor):
    contributor.tell("The garlic is up")
    story = Contribution.objects.get()
    withdraw(story)
    assert not outside(story).exists()


def test_one_purpose_or_one_partner_taken_back_is_asked_for_alone(published):
    statement = current_statement("partner_reuse")
    asked = [ask(published, "partner_reuse", who, "To print it.", by=STAFF) for who in "AB"]
    for one in asked:
        answer_ask(one, "yes", statement)
    answer_ask(asked[0], "no", statement)
    OutsideCopy.objects.all().delete()
    asked[0].state = "yes"  # as it stands while the answer is carried out
    asked[0].save()
    outside_after_change(published, frozenset())
    assert [copy.holder for copy in outside(published)] == ["A"]

    outside(published).delete()
    asked[0].delete()
    answer(published, Answer(current_statement("external_search_engines"), "no"))
    OutsideCopy.objects.all().delete()
    outside_after_change(published, frozenset({"outside_search"}))
    assert {copy.kind for copy in outside(published)} == {"search_cache", "web_archive"}


def test_what_was_said_to_be_gone_is_asked_for_again_when_it_was_out_again(published):
    asked = ask(published, "partner_reuse", "Care Quarterly", "To print it.", by=STAFF)
    statement = current_statement("partner_reuse")
    for said in ("yes", "no"):
        answer_ask(asked, said, statement)
        outside_after_change(published, frozenset())
    closing._outside(published, "partner", "Care Quarterly", "to_ask")
    outside(published).update(state="gone")
    answer_ask(asked, "yes", statement)
    published.refresh_from_db()
    withdraw(published)
    assert outside(published).get(holder="Care Quarterly").state == "to_ask"


def test_the_desk_follows_a_copy_with_somebody_responsible(published, moderator, stranger):
    withdraw(published)
    copy = outside(published).get(kind="web_archive")
    address = reverse("desk_withdrawal_copy", args=[published.reference, copy.pk])
    assert stranger.client.post(address, {"mine": "1"}).status_code == 302
    copy.refresh_from_db()
    assert copy.responsible is None

    moderator.client.post(address, {"mine": "1"})
    copy.refresh_from_db()
    assert str(copy.responsible) == "moderator"

    colleague = Moderator.appointed("colleague")
    other = copy.responsible.__class__.objects.get(username="colleague")
    field = f"copy-{copy.pk}"

    def say(state: str, note: str = "", responsible=other.pk):
        return moderator.client.post(
            address,
            {f"{field}-state": state, f"{field}-note": note, f"{field}-responsible": responsible},
        )

    assert say("asked", "By letter, Monday.").status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.note, copy.responsible) == ("asked", "By letter, Monday.", other)
    refused = say("out_of_reach")
    assert refused.status_code == 422
    assert "why it can&#x27;t be recalled" in refused.content.decode()
    assert say("gone", "They wrote back.").status_code == 302

    nobody = other.__class__.objects.create_user("visitor", password="no right to moderate")
    assert say("asked", "", nobody.pk).status_code == 422
    page = colleague.client.get(reverse("desk_withdrawal", args=[published.reference]))
    assert "said to be gone" in page.content.decode()
    assert "garlic" not in page.content.decode().lower()


def test_the_menu_counts_what_is_open_and_the_list_filters(published, moderator):
    def menu() -> str:
        return moderator.client.get("/admin/").content.decode()

    empty = moderator.client.get(reverse("desk_withdrawals")).content.decode()
    assert "Nothing is open" in empty
    assert "Taken back (" not in menu()
    withdraw(published)
    work()
    assert "Taken back (2)" in menu()
    outside(published).update(state="gone")
    assert "Taken back (" not in menu()
    assert published.reference not in moderator.client.get("/admin/withdrawals/").content.decode()
    everything = moderator.client.get("/admin/withdrawals/?folder=all").content.decode()
    assert published.reference in everything
