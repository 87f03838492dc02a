"""Exports hold exactly what is open for their purpose, and are remembered."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from media_pipeline import api as media
from stories.consent.models import current_statement
from stories.consent.record import Answer, By, record
from stories.contributions.models import Contribution, NotPossible
from stories.publishing import export as exporting
from stories.publishing.answer import answer
from stories.publishing.ask import answer_ask, ask
from stories.publishing.export import NothingToExport, export_stories, opened_for
from stories.publishing.ledger import Export
from stories.publishing.pause import pause
from stories.publishing.withdraw import withdraw
from tests import recordings
from tests.people import Contributor, Moderator, work

STAFF = By(actor="staff:1")


def out(moderator: Moderator, title: str, words: str = "Plain words.", **answers) -> Contribution:
    before = set(Contribution.objects.values_list("pk", flat=True))
    Contributor().tell(title, words, **answers)
    story = Contribution.objects.exclude(pk__in=before).get()
    moderator.approve(story.reference)
    work()
    return story


def say(story: Contribution, purpose: str, said: str = "yes") -> None:
    answer(story, Answer(current_statement(purpose), said))
    story.refresh_from_db()


def read(spool) -> dict[str, str]:
    with zipfile.ZipFile(spool) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_only_what_is_open_for_the_purpose_goes_with_what_else_is_allowed(moderator, site):
    yes = out(
        moderator, "Garlic up", "Jean came by.", shown_name="Morag", email="m@example.org",
        name="chosen",
    )  # fmt: skip
    no = out(moderator, "Other things")
    resting = out(moderator, "Resting things")
    for story in (yes, resting):
        say(story, "research_access")
    say(no, "training_teaching")
    pause(resting)
    export, spool = export_stories("research_access", "  University   of Somewhere ", None)
    digest = hashlib.sha256(spool.read()).hexdigest()
    spool.seek(0)
    files = read(spool)
    assert set(files) == {
        "README.txt",
        f"{yes.reference}/story.json",
        f"{yes.reference}/words.txt",
    }
    facts = json.loads(files[f"{yes.reference}/story.json"])
    assert facts["accession_number"] == yes.reference
    assert facts["told_by"] == "Morag"
    assert facts["artificial_intelligence"].startswith("reserved")
    assert "Lent to: University of Somewhere" in files["README.txt"]
    assert "m@example.org" not in "".join(files.values())
    assert (export.recipient, export.sha256) == ("University of Somewhere", digest)
    assert list(export.contributions.all()) == [yes]


def test_a_name_that_is_not_given_any_more_is_not_in_it(moderator, site):
    story = out(moderator, "Garlic up", shown_name="Morag", name="chosen")
    say(story, "research_access")
    record(story.contributor_key, Answer(current_statement("show_name"), "no", "none"))
    _, spool = export_stories("research_access", "A university")
    assert "Morag" not in "".join(read(spool).values())


def test_a_partner_gets_only_what_names_it(moderator, site):
    story = out(moderator, "Garlic up")
    asked = ask(story, "partner_reuse", "Care Quarterly", "For its magazine.", by=STAFF)
    with pytest.raises(NothingToExport):
        export_stories("partner_reuse", "Care Quarterly")
    answer_ask(asked, "yes", current_statement("partner_reuse"))
    with pytest.raises(NothingToExport):
        export_stories("partner_reuse", "Another Paper")
    assert opened_for("partner_reuse", "Care Quarterly")
    answer_ask(asked, "no", current_statement("partner_reuse"))
    assert not opened_for("partner_reuse", "Care Quarterly")
    assert not Export.objects.exists()


def test_an_extract_is_its_words_and_no_more(moderator, site):
    story = out(moderator, "Garlic up", "Jean came by. Nobody else did.")
    for words in ("Jean came by.", "Nobody else did."):
        asked = ask(story, "quoted_extracts", "A poster", "On a wall.", words=words, by=STAFF)
        if words.startswith("Jean"):
            answer_ask(asked, "yes", current_statement("quoted_extracts"))
    _, spool = export_stories("quoted_extracts", "A poster")
    files = read(spool)
    assert set(files) == {"README.txt", f"{story.reference}/story.json"}
    facts = json.loads(files[f"{story.reference}/story.json"])
    assert facts["extracts"] == [{"words": "Jean came by.", "use": "On a wall."}]
    assert "Nobody else did" not in "".join(files.values())


def test_who_has_it_is_asked_for_it_when_it_is_taken_back(moderator, site):
    story = out(moderator, "Garlic up", external_search_engines="no", podcast_syndication="no")
    say(story, "training_teaching")
    export_stories("training_teaching", "A college")
    story.refresh_from_db()
    withdraw(story)
    [copy] = story.outside_copies.all()
    assert (copy.kind, copy.holder, copy.state) == ("export", "A college", "to_ask")


def test_a_decision_in_the_middle_stops_it(moderator, site, monkeypatch):
    story = out(moderator, "Garlic up")
    say(story, "training_teaching")
    write = exporting._write

    def write_and_be_overtaken(*args):
        write(*args)
        withdraw(Contribution.objects.get(pk=story.pk))

    monkeypatch.setattr(exporting, "_write", write_and_be_overtaken)
    with pytest.raises(NotPossible):
        export_stories("training_teaching", "A college")
    assert not Export.objects.exists()


def test_the_command_writes_a_new_file_or_says_what_to_do(moderator, site, tmp_path):
    story = out(moderator, "Garlic up")
    target = tmp_path / "lent.zip"

    def run() -> None:
        call_command(
            "export_stories", "--purpose", "training_teaching", "--to", "A college",
            "--out", str(target), verbosity=0,
        )  # fmt: skip

    with pytest.raises(CommandError, match="No story is open"):
        run()
    assert not target.exists()
    say(story, "training_teaching")
    run()
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="exists already"):
        run()
    assert Export.objects.count() == 1
    with pytest.raises(CommandError, match="invalid choice"):
        call_command(
            "export_stories", "--purpose", "ai_reuse", "--to", "A", "--out", str(tmp_path / "x")
        )


def test_the_desk_makes_one_on_the_fly_and_lists_it(moderator, site, stranger):
    story = out(moderator, "Garlic up")
    wanted = {"purpose": "research_access", "recipient": "A university"}
    refused = moderator.client.post("/admin/exports/", wanted)
    assert refused.status_code == 422
    assert "No story is open" in refused.content.decode()
    assert "A university" in refused.content.decode()
    say(story, "research_access")
    response = moderator.client.post("/admin/exports/", wanted)
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    files = read(io.BytesIO(b"".join(response.streaming_content)))
    assert f"{story.reference}/words.txt" in files
    page = moderator.client.get("/admin/exports/").content.decode()
    assert "A university" in page
    assert Export.objects.get().made_by.username == "moderator"
    assert stranger.client.post("/admin/exports/", wanted).status_code == 302
    assert Export.objects.count() == 1


def test_of_a_recording_goes_what_may_be_heard_or_read(moderator, site):
    Contributor().tell("Garlic up", "About a garden.", recordings.sound("flac", 1))
    work()
    story = Contribution.objects.get()
    moderator.approve(story.reference)
    work()
    say(story, "training_teaching")
    _, spool = export_stories("training_teaching", "A college")
    with zipfile.ZipFile(spool) as bundle:
        sound = bundle.read(f"{story.reference}/story.mp3")
        facts = json.loads(bundle.read(f"{story.reference}/story.json"))
    made = media.renditions(story.upload.asset_id)["story.mp3"]
    assert hashlib.sha256(sound).hexdigest() == made.sha256
    assert "story.mp3" in facts["files"]
    assert not [name for name in facts["files"] if name.endswith((".m3u8", ".m4a", ".flac"))]
    say(story, "show_unaltered_voice", "no")
    _, spool = export_stories("training_teaching", "A college")
    with zipfile.ZipFile(spool) as bundle:
        assert f"{story.reference}/story.mp3" not in bundle.namelist()
