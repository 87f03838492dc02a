"""The copies that people can take: what they sent, and everything we hold on them."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import re
import tracemalloc
import zipfile
from pathlib import Path

from django.apps import apps
from django.db.models import Field, UUIDField

from media_pipeline import sealing, storage
from media_pipeline.models import MediaAsset, TranscriptCue
from stories.consent.models import current_statement
from stories.consent.record import Answer, record
from stories.contributions import keys
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.sealed import Private
from stories.letters.models import Letter
from stories.mine.everything import OURS, YOURS
from stories.mine.holdings import HELD, NOT_GIVEN, OF_EVERY_MODEL
from stories.publishing.ledger import Export
from tests import recordings
from tests.people import Contributor, Moderator, work

FILE = "/my-story/everything/copy.zip"
OF_A_STORY = {"Contribution", "Participant", "StoryVersion", "Upload"}
PRINCIPALS = {"contributor_key", "pii_principal_id", "reference"}


def unpacked(contributor: Contributor, address: str = FILE) -> dict[str, bytes]:
    response = contributor.client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="copy.zip"'
    assert "no-store" in response["Cache-Control"]
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: bundle.read(name) for name in bundle.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[dict]:
    return json.loads(files[f"records/{name}.json"])


# Nothing forgotten.


def holds_something(model) -> bool:
    """Whether a row of this model could belong to a contribution."""
    fields = model._meta.get_fields()
    keys = {field.name for field in model._meta.local_fields if isinstance(field, UUIDField)}
    related = {
        field.related_model.__name__
        for field in fields
        if isinstance(field, Field) and field.related_model
    }
    return bool(
        model.__name__ in OF_A_STORY
        or related & OF_A_STORY
        or PRINCIPALS & {field.name for field in fields}
        or any(name.endswith("key") for name in keys)
    )


def test_every_model_that_can_hold_something_of_a_story_is_in_the_copy_or_has_a_reason():
    given = {held.model.__name__ for held in HELD}
    models = {model.__name__: model for model in apps.get_app_config("stories").get_models()}
    forgotten = {
        name for name, model in models.items() if holds_something(model)
    } - given - set(NOT_GIVEN)  # fmt: skip
    assert forgotten == set()
    assert {"Contribution", "Letter", "Call", "Export", "ConsentEvent", "Tombstone"} <= {
        name for name, model in models.items() if holds_something(model)
    }
    for held in HELD:
        own = {field.name for field in held.model._meta.local_fields}
        own |= {field.name for field in held.model._meta.local_many_to_many}
        reasons = {name.partition(".")[2] for name in NOT_GIVEN
                   if name.startswith(f"{held.model.__name__}.")}  # fmt: skip
        assert own - set(held.fields) - reasons - set(OF_EVERY_MODEL) == set(), held.model
        assert not set(held.fields) & reasons
        assert reasons <= own, "a reason for a field that is not there any more"
    assert all(NOT_GIVEN.values())


def test_every_text_that_is_sealed_has_a_heading():
    fields = {field.name for field in dataclasses.fields(Private)}
    assert set(YOURS) | set(OURS) == fields
    assert not set(YOURS) & set(OURS)


# What is in it.


def test_a_written_story_with_all_that_has_happened_to_it(contributor):
    moderator = Moderator.appointed("somebody-of-ours")
    contributor.tell(
        "The garlic is up", "Jean put a note through the door.", shown_name="Ann",
        email="ann@example.org", language="sco",
    )  # fmt: skip
    reference = moderator.waiting()[0]
    moderator.approve(reference)
    work()
    story = Contribution.objects.get()
    story.keep(reply="We liked the garlic.", objection="Not that word.", asked_name="Annie")
    person = Participant.ask(story, "my sister")
    record(person.key, Answer(current_statement("publish_audio"), "yes"))
    Letter.objects.create(contribution=story, participant=person, kind="link", about="hers")
    export = Export.objects.create(recipient="The Hub", purpose="partner_reuse", sha256="0" * 64)
    export.contributions.add(story)
    story.calls.create(method="telephone", how_checked="rang back")

    files = unpacked(contributor)
    yours = files["what-you-told-us.txt"].decode()
    for text in (
        "The garlic is up", "Jean put a note", "Ann\n", "ann@example.org", "Annie", "Not that",
        "The language that you wrote in\n------------------------------\nScots (sco)\n",
    ):  # fmt: skip
        assert text in yours
    assert "We liked the garlic." in files["what-we-wrote-to-you.txt"].decode()
    assert rows(files, "story")[0]["reference"] == reference
    [version] = rows(files, "versions")
    assert version["words"] == "Jean put a note through the door."
    assert version["approved_by"] == "a moderator"
    events = rows(files, "consents")
    assert {event["pii_principal_id"] for event in events} == {str(story.contributor_key)}
    assert "approve" in {act["what"] for act in rows(files, "who-did-what")}
    assert rows(files, "handed-out")[0]["recipient"] == "The Hub"
    assert rows(files, "calls")[0]["how_checked"] == "rang back"
    assert rows(files, "others")[0]["called"] == "my sister"
    assert {line["kind"] for line in rows(files, "journal")} >= {"consent"}
    receipt = json.loads(files["receipts/receipt-1.jsonld"])
    assert receipt["@type"] == "dpv:ConsentReceipt"
    agreed = files["what-you-agreed-to.html"].decode()
    assert current_statement("publish_text").question in agreed

    # Names tell nothing; staff have none; what is somebody else's, or opens it, is not there.
    everything = b"\n".join(files.values()).decode(errors="replace")
    assert not any("garlic" in name for name in files)
    assert "somebody-of-ours" not in everything
    for link in story.links.all():
        assert link.secret_hash not in everything
    assert str(person.key) not in everything
    assert "hers" not in {letter["about"] for letter in rows(files, "letters")}


def test_its_first_page_opens_without_the_internet_and_names_every_file(contributor):
    contributor.tell(email="ann@example.org")
    files = unpacked(contributor)
    page = files["index.html"].decode()
    assert "http" not in page
    assert "<script" not in page
    links = set(re.findall(r'href="([^"]+)"', page))
    for name in set(files) - {"index.html"}:
        assert name in links or f"{name.partition('/')[0]}/" in links, name
    for link in links:
        assert any(name.startswith(link) for name in files), link


def test_a_recording_comes_back_as_it_was_sent_and_as_we_made_it(contributor):
    reading = recordings.readings()[0]
    contributor.tell("A reading", recording=reading.path)
    work()
    upload = Contribution.objects.get().upload
    if not TranscriptCue.objects.exists():
        TranscriptCue.objects.create(
            asset_id=upload.asset_id, number=1, start=0, end=1, text="As it was read.", words=[]
        )
    files = unpacked(contributor)
    [original] = [name for name in files if name.startswith("recording-1/as-you-sent-it.")]
    assert files[original] == reading.path.read_bytes()
    assert len(files["recording-1/story.mp3"]) > 1000
    said = TranscriptCue.objects.order_by("number").first().text
    assert said in files["recording-1/written-words.txt"].decode()
    assert not any(name.endswith(".m3u8") for name in files)

    # The smaller copy has the same recording.
    assert files[original] in unpacked(contributor, "/my-story/copy/").values()

    # Damaged where it is kept: as much as there is, and said so.
    asset = MediaAsset.objects.get(pk=upload.asset_id)
    with storage.read(storage.originals(), asset.original) as file:
        damaged = file.read()[:-50]
    storage.wipe(storage.originals(), asset.pk)
    asset.original = storage.put(storage.originals(), asset.pk, [damaged])
    asset.save()
    assert "recording-1/as-you-sent-it-is-not-whole.txt" in unpacked(contributor)

    # One that was dropped after publication: said, not left out in silence.
    storage.originals().delete(MediaAsset.objects.get(pk=upload.asset_id).original)
    files = unpacked(contributor)
    assert not any("as-you-sent-it" in name for name in files)
    assert "is not kept any more" in files["index.html"].decode()
    assert "recording-1/story.mp3" in files


def test_a_large_recording_is_never_in_memory_as_a_whole(contributor, settings):
    """64 MB pass through while less than a fifth of it is held at any time."""
    contributor.tell()
    story = Contribution.objects.get()
    large = 64 * 1024 * 1024
    Contribution.objects.update(kind=Contribution.Kind.RECORDING)
    asset = MediaAsset.objects.create(
        kind="audio", container="wav", original="", bytes=large, sha256="", seconds=1,
        has_picture=False, has_sound=True, sealed_for=story.contributor_key,
    )  # fmt: skip
    piece = bytes(sealing.PIECE_BYTES)
    pieces = itertools.repeat(piece, large // len(piece))
    sealed = sealing.seal(pieces, keys.secret(story.contributor_key), asset.pk)
    stored = storage.put(storage.originals(), asset.pk, sealed)
    MediaAsset.objects.filter(pk=asset.pk).update(original=stored)
    story.uploads.create(asset_id=asset.pk, kind="audio", size=large, seconds=1)
    incoming = Path(settings.FILE_UPLOAD_TEMP_DIR)
    before = set(incoming.iterdir())
    tracemalloc.start()
    response = contributor.client.get(FILE)
    sent = sum(len(piece) for piece in response.streaming_content)
    response.close()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > large
    assert most < large / 5
    assert set(incoming.iterdir()) == before


# When, and for whom.


def test_it_is_whole_while_it_is_kept_and_records_only_when_it_is_destroyed(contributor, moderator):
    contributor.tell("The garlic is up", "Jean put a note through the door.")
    moderator.approve(moderator.waiting()[0])
    work()
    contributor.take_down()
    work()
    files = unpacked(contributor)
    assert "Jean put a note" in files["what-you-told-us.txt"].decode()
    assert rows(files, "versions")[0]["title"] == "The garlic is up"
    assert rows(files, "taken-back")
    contributor.client.post("/my-story/destroy/")
    work()
    files = unpacked(contributor)
    assert b"garlic" not in b"\n".join(files.values())
    assert "what-you-told-us.txt" not in files
    assert {event["event_state"] for event in rows(files, "consents")} >= {"ConsentWithdrawn"}
    assert "was destroyed" in files["index.html"].decode()
    page = contributor.client.get("/my-story/everything/").content.decode()
    assert "Your story itself is destroyed" in page


def test_nobody_else_gets_it(contributor, stranger):
    contributor.tell("The garlic is up", "Jean put a note through the door.")
    for address in ("/my-story/everything/", FILE):
        assert "Come in" in stranger.client.get(address).content.decode()
    other = Contributor().tell("Another title")
    assert b"Jean" not in b"\n".join(unpacked(other).values())


def test_the_copy_of_what_was_sent(contributor):
    contributor.tell("My own title", "All my words.")
    files = unpacked(contributor, "/my-story/copy/")
    assert set(files) == {"my-words.txt"}
    assert b"All my words." in files["my-words.txt"]
