"""The words of a recording: who wrote them down, keeping them, and letting them go.

What a person wrote is never written over by a machine. Every change here takes the row of the
work first and the recording's second, as a finishing worker does: whoever comes later finds that
its lease is gone, and what it heard is not kept.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from media_pipeline import captions, storage
from media_pipeline.captions import Cue
from media_pipeline.models import MediaAsset, MediaJob, Rendition, TranscriptCue
from media_pipeline.names import TYPES
from media_pipeline.transcriber import BY_HAND

MACHINE, PERSON = MediaAsset.By.MACHINE, MediaAsset.By.PERSON
FILE = "captions.vtt"
BY_HAND_NOTE = "No computer here can write {} down: a person has to."
State = MediaJob.State


def keep(asset: MediaAsset, cues: list[Cue], by: str, note: str = "") -> bool:
    """Replace what is written down, cues and file. False, and nothing done, for a machine's words
    where a person's are.

    `note` is for staff: why a machine wrote nothing.
    """
    with transaction.atomic():
        if by == PERSON or not _by_person(asset.pk):
            read_anew(asset.pk)
        now = MediaAsset.objects.select_for_update(no_key=True).get(pk=asset.pk)
        if by == MACHINE and now.words_by == PERSON:
            return False
        _remove(asset.pk)
        TranscriptCue.objects.bulk_create(
            TranscriptCue(
                asset=asset,
                number=number,
                start=cue.start,
                end=cue.end,
                text=cue.text,
                speaker=cue.speaker,
                words=[[word.start, word.end, word.text, word.probability] for word in cue.words],
            )
            for number, cue in enumerate(cues)
        )
        if cues:
            text = captions.to_webvtt(captions.numbered(cues))
            size, sha256 = storage.text_facts(text)
            # Made of words alone: there is nothing else in it that could need cleaning.
            facts = {"text": text, "bytes": size, "sha256": sha256, "proven_clean": True}
            Rendition.objects.create(
                asset=asset, name=FILE, content_type=TYPES[FILE], seconds=now.seconds, **facts
            )
        MediaAsset.objects.filter(pk=asset.pk).update(words_by=by if cues else "", words_note=note)
        return True


def write(asset: MediaAsset, cues: list[Cue]) -> None:
    """A person's words, from now on."""
    with transaction.atomic():
        end_hearing(asset.pk)
        keep(asset, cues, PERSON)


def end_hearing(asset_id: UUID) -> None:
    """Let no machine write words down from now on; a worker that does so is stopped."""
    MediaJob.objects.filter(asset_id=asset_id, stage="transcribe").exclude(state=State.DONE).update(
        state=State.CANCELLED, lease_token=None, lease_expires=None, progress=0
    )


def forget_heard(asset_id: UUID) -> None:
    """Let go of what a machine wrote down, and of the language that it heard.

    A worker that is at it is stopped within 6 seconds and leaves nothing. Words that a person
    wrote stay, and so does a language that a person named.
    """
    with transaction.atomic():
        MediaJob.objects.filter(asset_id=asset_id, stage="transcribe").update(
            state=State.CANCELLED, lease_token=None, lease_expires=None, progress=0
        )
        if not _by_person(asset_id):
            read_anew(asset_id)
        asset = MediaAsset.objects.select_for_update(no_key=True).filter(pk=asset_id).first()
        if asset is None:
            return
        if asset.words_by != PERSON:
            _remove(asset_id)
            asset.words_by = ""
        if asset.language_by != PERSON:
            asset.language, asset.language_by, asset.language_probability = "", "", None
        asset.words_note = ""
        asset.save(
            update_fields=[
                "words_by", "words_note", "language", "language_by", "language_probability"
            ]
        )  # fmt: skip


def name_language(asset_id: UUID, language: str) -> None:
    """A person says what is spoken (an ISO 639 code; "" for: let the machine find out again).

    What a machine wrote down in another language, or in one that it does not know, goes.
    """
    with transaction.atomic():
        asset = MediaAsset.objects.filter(pk=asset_id).first()
        if asset is None or (asset.language_by == PERSON and asset.language == language):
            return
        if asset.language != language:
            read_anew(asset_id)
            forget_heard(asset_id)
        MediaAsset.objects.filter(pk=asset_id).update(
            language=language,
            language_by=PERSON if language else "",
            language_probability=None,
            words_note=BY_HAND_NOTE.format(BY_HAND[language]) if language in BY_HAND else "",
        )


def read_anew(asset_id: UUID) -> None:
    """What was read aloud goes with the words that it was made from, in the same transaction; where
    that is still wished, it is made again. Call it inside atomic()."""
    MediaJob.objects.filter(asset_id=asset_id, stage="speak").exclude(
        state=State.CANCELLED
    ).update(
        state=State.READY, attempt=0, not_before=timezone.now(), lease_token=None,
        lease_expires=None, progress=0, problem="", log_tail="",
    )  # fmt: skip
    _remove_spoken(asset_id)


def fall_silent(asset_id: UUID) -> None:
    """Have nothing read aloud any more, and keep nothing of what was. Call it inside atomic()."""
    MediaJob.objects.filter(asset_id=asset_id, stage="speak").update(
        state=State.CANCELLED, lease_token=None, lease_expires=None, progress=0
    )
    _remove_spoken(asset_id)


def _remove_spoken(asset_id: UUID) -> None:
    rows = Rendition.objects.filter(asset_id=asset_id, voice="spoken")
    stored = [name for name in rows.values_list("stored", flat=True) if name]
    rows.delete()
    if stored:
        # If the store is away just now, the next stage's sweep or the erasure finds them.
        delete = partial(storage.delete, storage.renditions(), *stored)
        transaction.on_commit(delete, robust=True)


def _by_person(asset_id: UUID) -> bool:
    return MediaAsset.objects.filter(pk=asset_id, words_by=PERSON).exists()


def _remove(asset_id: UUID) -> None:
    TranscriptCue.objects.filter(asset_id=asset_id).delete()
    Rendition.objects.filter(asset_id=asset_id, name=FILE).delete()
