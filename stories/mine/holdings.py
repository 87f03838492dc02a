"""Which rows we hold on somebody, and what of each they are given: the whole list.

A test walks every model of the app and fails on one that could hold something of a contribution
and is neither in HELD nor, with a reason, in NOT_GIVEN; the same for each field of what is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.utils.translation import gettext_noop as _

from stories.consent.events import ConsentEvent, Receipt
from stories.contributions.asks import Ask
from stories.contributions.calls import Call
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution, Upload
from stories.contributions.participants import Participant
from stories.contributions.tombstones import Tombstone
from stories.contributions.versions import StoryVersion
from stories.letters.models import Letter
from stories.pages.harvested import Harvested
from stories.pages.models import StoryPage
from stories.pages.series import EpisodePlace
from stories.publishing.ledger import Closing, Export, Manifest, OutsideCopy

STAFF = _("a moderator")


@dataclass(frozen=True)
class Held:
    """Rows of one model, as `file` in the folder records/; `fields`: what is given of each row.

    `as_stored`: choices in the words of the standard that they come from, not in ours.
    """

    model: type[Model]
    file: str
    about: str  # for people
    rows: Callable[[Contribution], Iterable[Model]]
    fields: tuple[str, ...]
    as_stored: bool = False


HELD = (
    Held(
        Contribution,
        "story.json",
        _("Where your story stands, and when what happened."),
        lambda story: [story],
        (
            "reference", "contributor_key", "kind", "state", "is_adult", "answers", "created_at",
            "saved_at", "sent_at", "publish_after", "published_at", "decline_reason",
            "keep_original", "withdrawn_at", "destroy_after", "erased_at",
        ),
    ),
    Held(
        Upload,
        "recordings.json",
        _("Each recording that you sent: when, how long, how large."),
        lambda story: story.uploads.all(),
        ("kind", "size", "seconds", "state", "words_from", "picture_checked", "created_at"),
    ),
    Held(
        StoryVersion,
        "versions.json",
        _("Each version of your story that we approved, word for word."),
        lambda story: story.versions.all(),
        (
            "number", "kind", "title", "summary", "words", "shown_name", "naming", "language",
            "themes", "content_notes", "noted_passages", "note_remark", "how_it_goes",
            "perspective", "renditions", "voice", "face", "cues_sha256", "chapters",
            "picture_in_words", "seconds", "word_count", "sha256", "frozen_at",
            "approved_by", "agreed_at",
        ),
    ),
    Held(
        StoryPage,
        "page.json",
        _("The page on our site that shows your story."),
        lambda story: StoryPage.objects.filter(contribution=story),
        ("url_path", "live", "first_published_at", "version"),
    ),
    Held(
        EpisodePlace,
        "podcast.json",
        _("In which of our podcasts your recording has its place, if you allow that it is in one."),
        lambda story: EpisodePlace.objects.filter(contribution=story).select_related("series"),
        ("series", "number", "placed_at"),
    ),
    Held(
        ConsentEvent,
        "consents.json",
        _("Every yes and no of yours. what-you-agreed-to.html has the exact words you were shown."),
        lambda story: ConsentEvent.objects.filter(
            pii_principal_id=story.contributor_key
        ).select_related("purpose", "statement"),
        (
            "number", "record_id", "schema_version", "pii_principal_id", "purpose", "statement",
            "statement_sha256", "language", "event_state", "event_type", "allows", "choice",
            "event_time", "validity_days", "expires_at", "entity_id", "indication_method",
            "lawful_basis", "pii_type", "pii_controllers", "storage_locations",
            "retention_period", "jurisdiction", "recipient_third_parties", "withdrawal_method",
        ),
        as_stored=True,
    ),
    Held(
        Receipt,
        "receipts.json",
        _("That you were given receipts. The receipts themselves are in the folder receipts."),
        lambda story: Receipt.objects.filter(pii_principal_id=story.contributor_key),
        ("id", "pii_principal_id", "kind", "up_to", "issued_at"),
    ),
    Held(
        Letter,
        "letters.json",
        _("The e-mails we sent you: what about, and when. We keep no copy of their words."),
        lambda story: story.letters.filter(participant=None),
        ("kind", "about", "state", "attempts", "problem", "due_at", "sent_at"),
    ),
    Held(
        Call,
        "calls.json",
        _("Your calls and letters to us that we acted on."),
        lambda story: story.calls.all(),
        (
            "method", "identity", "how_checked", "taken_by", "checked_by", "at", "checked_at"
        ),
    ),
    Held(
        PrivateLink,
        "links.json",
        _("The private links and codes made for you: when each was made and ended."),
        lambda story: story.links.filter(participant=None),
        ("kind", "created_at", "expires_at", "revoked_at"),
    ),
    Held(
        Ask,
        "questions.json",
        _("What others asked to do with your story, and what came of it."),
        lambda story: story.asks.all(),
        (
            "key", "purpose", "recipient", "use", "words", "state", "asked_at", "answered_at"
        ),
    ),
    Held(
        Participant,
        "others.json",
        _("Who else is in your recording, as you named them. What they said is theirs."),
        lambda story: story.participants.all(),
        ("called", "state", "created_at"),
    ),
    Held(
        Export,
        "handed-out.json",
        _("To whom we gave your story, and when."),
        lambda story: story.exports.all(),
        ("recipient", "purpose", "made_at", "made_by"),
    ),
    Held(
        Closing,
        "taken-back.json",
        _("Each thing of ours that had to go when you took your story back."),
        lambda story: story.closings.all(),
        ("step", "thing", "state", "attempts", "problem", "listed_at", "done_at"),
    ),
    Held(
        OutsideCopy,
        "outside-copies.json",
        _("Copies that others may have, and how far asking for them has come."),
        lambda story: story.outside_copies.all(),
        ("kind", "holder", "state", "responsible", "note", "listed_at", "changed_at"),
    ),
    Held(
        Manifest,
        "search-list.json",
        _("That we made a list of codes to check that nothing of your story is left."),
        lambda story: Manifest.objects.filter(contribution=story),
        ("written_at", "scanned_at", "clean_at"),
    ),
    Held(
        Tombstone,
        "gone.json",
        _("The mark that keeps a story that was taken back from coming back."),
        lambda story: Tombstone.objects.filter(reference=story.reference),
        ("reference", "created_at"),
    ),
    Held(
        Harvested,
        "catalogues.json",
        _("When catalogues of others could last learn something new of your story from us."),
        lambda story: Harvested.objects.filter(reference=story.reference),
        ("reference", "datestamp"),
    ),
)  # fmt: skip

# "Model" or "Model.field": why it is not in the copy.
OF_EVERY_MODEL = {
    "id": _("a row's number, or given under its name"),
    "contribution": _("this story"),
}
NOT_GIVEN = {
    "Problem": "what somebody else told us in confidence; your page says when your story is hidden",
    "StepRun": _(
        "how far our own work on a decision has come: nothing of the story, no one's words"
    ),
    "Contribution.epoch": _("counts our decisions, so that late work can be told"),
    "Contribution.reconciled_epoch": _("counts our decisions"),
    "Contribution.lease_token": _("which worker is busy with the story"),
    "Contribution.lease_until": _("until when a worker is busy with the story"),
    "Contribution.sealed": _(
        "what-you-told-us.txt and what-we-wrote-to-you.txt hold what is in it"
    ),
    "Contribution.email_hash": _("a keyed hash of the address that what-you-told-us.txt gives"),
    "Upload.asset_id": "a number of ours; the recording itself is in the folder recording",
    "StoryVersion.asset_id": "a number of ours; the recording itself is in the folder recording",
    "StoryPage.page_ptr": _("a row's number"),
    "StoryPage.epoch": _("counts our decisions"),
    "ConsentEvent.actor": "which member of staff it was; that it was staff is given",
    "ConsentEvent.mac": _("a keyed code that proves that nobody altered the record"),
    "Letter.participant": _("letters to somebody else are theirs"),
    "PrivateLink.participant": _("links of somebody else are theirs"),
    "PrivateLink.secret_hash": _("a keyed hash of the link itself"),
    "Participant.key": _("opens that person's own records, which are theirs"),
    "Participant.sealed": _("given as the name in it"),
    "Export.sha256": _("a fingerprint of a file that holds other people's stories too"),
    "Export.contributions": "this story; the others are other people's",
    "Manifest.data": _("keyed hashes, which say nothing to anyone"),
    "Tombstone.path_hash": _("a keyed hash of an address that is gone"),
    "Tombstone.epoch": _("counts our decisions"),
    "Harvested.fingerprint": _("a keyed hash of what a catalogue is told"),
}


def rows_of(held: Held, story: Contribution) -> list[dict]:
    """The rows of one kind, ready for JSON; a choice is given in words."""
    return [
        {name: _given(row, name, held.as_stored) for name in held.fields}
        for row in held.rows(story)
    ]


def _given(row: Model, name: str, as_stored: bool) -> Any:
    in_words = None if as_stored else getattr(row, f"get_{name}_display", None)
    value = in_words() if in_words else getattr(row, name)
    match value:
        case AbstractBaseUser():
            return STAFF
        case datetime():
            return value.isoformat(timespec="seconds")
        case UUID() | Model():
            return str(value)
        case _:
            return value
