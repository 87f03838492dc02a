"""The door of this room: the only module that others import.

A recording comes in with `receive`, is worked on after `start`, and what became of it is asked
for by the asset's id. Nothing here knows what the recording is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from media_pipeline import (
    aloud,
    captions,
    intake,
    jobs,
    originals,
    overview,
    source,
    transcriber,
    wishes,
    words,
)
from media_pipeline.captions import Cue, moved, told, turns
from media_pipeline.chapters import MOST as MOST_CHAPTERS
from media_pipeline.errors import (
    Damaged,
    NotKept,
    NotReleasable,
    OriginalDropped,
    StoreFailed,
    UnknownAsset,
    UnreadableMedia,
)
from media_pipeline.incoming import door as incoming
from media_pipeline.jobs import Progress, ring, ring_all
from media_pipeline.late_sealing import in_plain, seal_late, sweep_originals
from media_pipeline.made import (
    RELEASED,
    RenditionInfo,
    bytes_with_chapters,
    open_rendition,
    release,
    renditions,
    renditions_of_all,
    respond,
    row_of,
)
from media_pipeline.models import MediaAsset, TranscriptCue
from media_pipeline.names import NEEDS, POSTERS, SILENT_FILMS, silent_film
from media_pipeline.overview import WorkNow
from media_pipeline.posters import POSTER, choose_poster
from media_pipeline.removal import (
    drop_original,
    erase,
    erase_all,
    needs_original,
    remnants,
    sweep_incoming,
    sweep_work,
    to_drop,
    with_original,
)
from media_pipeline.sandbox import notice as sandbox_notice
from media_pipeline.sandbox import problem as sandbox_problem
from media_pipeline.scanner import notice as scanner_notice
from media_pipeline.scanner import problem as scanner_problem
from media_pipeline.stages.disguise import NOTES
from media_pipeline.stages.speak import FILE as SPOKEN
from media_pipeline.stages.speak import NOTES as NOT_READ
from media_pipeline.stores import prepare, problem
from media_pipeline.subtitles import MOST_BYTES as MOST_SUBTITLE_BYTES
from media_pipeline.subtitles import BadSubtitles, times
from media_pipeline.subtitles import read as read_subtitles
from media_pipeline.transcriber import BY_HAND, Word
from media_pipeline.words import end_hearing, forget_heard, name_language

__all__ = [
    "BY_HAND",
    "MOST_CHAPTERS",
    "MOST_SUBTITLE_BYTES",
    "NEEDS",
    "POSTER",
    "POSTERS",
    "RELEASED",
    "SILENT_FILMS",
    "SPOKEN",
    "AssetInfo",
    "BadSubtitles",
    "Cue",
    "Damaged",
    "NotKept",
    "NotReleasable",
    "OriginalDropped",
    "Progress",
    "RenditionInfo",
    "Spoken",
    "StoreFailed",
    "UnknownAsset",
    "UnreadableMedia",
    "Word",
    "WorkNow",
    "as_webvtt",
    "at_work",
    "bytes_with_chapters",
    "can_read_aloud",
    "can_transcribe",
    "choose_poster",
    "cues",
    "drop_original",
    "end_hearing",
    "erase",
    "erase_all",
    "forget_heard",
    "hear",
    "in_plain",
    "in_trouble",
    "incoming",
    "info",
    "look",
    "name_language",
    "open_original",
    "open_rendition",
    "prepare",
    "problem",
    "progress",
    "read_aloud",
    "receive",
    "release",
    "remnants",
    "renditions",
    "renditions_of_all",
    "respond",
    "retry",
    "ring_all",
    "sandbox_notice",
    "sandbox_problem",
    "scanner_notice",
    "scanner_problem",
    "seal_late",
    "silent_film",
    "spoken",
    "start",
    "stop",
    "sweep_incoming",
    "sweep_originals",
    "sweep_work",
    "to_drop",
    "told",
    "turns",
    "wished",
    "with_original",
    "write_words",
]


@dataclass(frozen=True)
class AssetInfo:
    """A recording. `kind` is "video" or "audio"; `bytes` and `seconds` are of the original.

    `voice` ("own", "disguised", "spoken", "none") and `face` ("as_is", "blurred", "none") are what
    is wished for; `note` is a sentence for staff about how that went, "" for none.
    """

    id: UUID
    kind: str
    bytes: int
    seconds: float
    container: str
    has_picture: bool
    has_sound: bool
    sha256: str
    voice: str
    face: str
    note: str


@dataclass(frozen=True)
class Spoken:
    """What is known of the words of a recording. "" and None: nothing.

    `language` is an ISO 639 code; `language_by` is "machine" (which was `probability` sure, 0 to
    1), "assumed" (the model knows no other) or "person"; `words_by` is "machine" or "person";
    `note` says to staff why a machine wrote nothing.
    """

    language: str
    language_by: str
    probability: float | None
    words_by: str
    note: str


def receive(upload: File, *, owner: UUID) -> AssetInfo:
    """Check a recording by its content and keep it sealed under `owner`'s key.

    Its name is not looked at and not kept. Reads the whole file twice, so never call it inside
    atomic(). Raises UnreadableMedia (see its codes), OriginalDropped where the owner's key has
    been destroyed, or NotKept where the store is away, and then nothing of the file is kept.
    """
    return _info(intake.take_in(upload, owner))


def info(asset_id: UUID) -> AssetInfo:
    """What is known of a recording. Raises UnknownAsset."""
    return _info(_asset(asset_id))


def open_original(asset_id: UUID) -> IO[bytes]:
    """The recording as it was sent, in plain, to give back to whoever sent it.

    It is read from its beginning to its end. Raises UnknownAsset; OriginalDropped after
    drop_original(), or where its owner's key has been destroyed; StoreFailed; and Damaged, also
    while it is read.
    """
    asset = _asset(asset_id)
    if not asset.original:
        raise OriginalDropped(_("The recording as it was sent is not kept any more."))
    return originals.open_(asset)


def start(
    asset_id: UUID, *, transcribe: bool, voice: str | None = None, face: str | None = None
) -> None:
    """Have the recording prepared, with its words written down if `transcribe`.

    `voice` and `face` are what is wished for (AssetInfo), None for what was wished before. What
    shows more than that can't be had from this door any more, from now on and until it is made
    again. Safe to call again: finished stages stay, failed ones are tried afresh. Raises
    UnknownAsset, and OriginalDropped where something would have to be made again from the
    original; the wish holds all the same.
    """
    with transaction.atomic():
        asset = _wish(asset_id, voice, face)
        # Where more is to be hidden, what can be seen and heard now is enough to make it from.
        enough = asset.original or (wishes.altered(asset) and source.nearest(asset))
        possible = enough or not needs_original(asset)
        if possible:
            jobs.start(asset, transcribe=transcribe)
    if not possible:
        raise OriginalDropped(_("It can't be prepared again: the original is not kept any more."))


def _wish(asset_id: UUID, voice: str | None, face: str | None) -> MediaAsset:
    asset = MediaAsset.objects.select_for_update(no_key=True).filter(pk=asset_id).first()
    if asset is None:
        raise UnknownAsset("There is no such recording.")
    voice, face = voice or asset.voice, face or asset.face
    wishes.check(voice, face)
    if (voice, face) != (asset.voice, asset.face):
        asset.voice, asset.face = voice, face
        asset.save(update_fields=["voice", "face"])
    return asset


def wished(asset_id: UUID) -> tuple[str, str]:
    """What is wished for voice and face (AssetInfo). Raises UnknownAsset."""
    asset = _asset(asset_id)
    return asset.voice, asset.face


def hear(asset_id: UUID) -> None:
    """Have the words of a recording written down, if a person has not and there is a sound.

    Raises UnknownAsset.
    """
    jobs.hear(_asset(asset_id))


def write_words(
    asset_id: UUID, subtitles: bytes, *, speaker: Callable[[str], str] | None = None
) -> None:
    """Take a person's .vtt or .srt file for the words of a recording, in place of all before.

    speaker: gives what is kept for the name of somebody who speaks, where the file has one; without
    it none are. No machine writes over these words. Raises BadSubtitles with a sentence, and
    UnknownAsset.
    """
    asset = _asset(asset_id)
    words.write(asset, read_subtitles(subtitles, asset.seconds, speaker=speaker))
    ring(asset_id)  # they may have to be read aloud


def as_webvtt(cues: list[Cue]) -> str:
    """These cues as W3C WebVTT, to be read or changed by a person."""
    return captions.to_webvtt(cues)


def spoken(asset_id: UUID) -> Spoken:
    """Who wrote the words down, and in which language. Raises UnknownAsset."""
    asset = _asset(asset_id)
    return Spoken(
        asset.language,
        asset.language_by,
        asset.language_probability,
        asset.words_by,
        asset.words_note,
    )


def read_aloud(asset_id: UUID) -> list[Cue]:
    """The same cues as cues(), at the times at which a computer's voice reads them; none where
    nothing is read aloud. Raises UnknownAsset."""
    row, said = row_of(asset_id, SPOKEN), cues(asset_id)
    read = times(row.text) if row else []
    if len(read) != len(said):
        return []  # put right between the two looks: what read the old words is gone by now
    return [moved(cue, *when) for cue, when in zip(said, read, strict=True)]


def can_read_aloud() -> bool:
    """Whether this installation has a voice that reads words aloud."""
    return aloud.available()


def can_transcribe() -> bool:
    """Whether this installation has a speech model."""
    return transcriber.available()


def progress(asset_id: UUID) -> Progress:
    """How far the work has come. Raises UnknownAsset."""
    return jobs.progress(_asset(asset_id))


def in_trouble() -> list[UUID]:
    """Recordings that wait for somebody at the desk, the oldest first."""
    return overview.in_trouble()


def at_work() -> list[UUID]:
    """Recordings with work to do and nothing wrong, the oldest first."""
    return overview.at_work()


def look(asset_id: UUID) -> WorkNow:
    """Every stage of a recording, for staff. Raises UnknownAsset."""
    return overview.look(_asset(asset_id))


def retry(asset_id: UUID) -> bool:
    """Try afresh what ended badly. False when nothing had. Raises UnknownAsset, OriginalDropped."""
    return overview.retry(_asset(asset_id))


def stop(asset_id: UUID) -> bool:
    """End the work on a recording within 6 seconds, until retry(). False when there was none.

    Raises UnknownAsset.
    """
    return overview.stop(_asset(asset_id))


def cues(asset_id: UUID) -> list[Cue]:
    """What is said, in order; empty while nothing is written down. Raises UnknownAsset."""
    said = [
        Cue(row.start, row.end, row.text, tuple(Word(*word) for word in row.words), row.speaker)
        for row in TranscriptCue.objects.filter(asset_id=asset_id)
    ]
    if not said:
        _asset(asset_id)  # is there one?
    return said


def _asset(asset_id: UUID) -> MediaAsset:
    try:
        return MediaAsset.objects.get(pk=asset_id)
    except MediaAsset.DoesNotExist as error:
        raise UnknownAsset("There is no such recording.") from error


def _note(asset: MediaAsset) -> str:
    if not wishes.is_read_aloud(asset):
        return NOTES.get(asset.disguise_note, "")
    if asset.jobs.filter(stage="speak", state__in=jobs.ENDED).exists():
        return NOT_READ["failed"]
    return NOT_READ.get(asset.disguise_note, "")


def _info(asset: MediaAsset) -> AssetInfo:
    return AssetInfo(
        asset.id,
        asset.kind,
        asset.bytes,
        asset.seconds,
        asset.container,
        asset.has_picture,
        asset.has_sound,
        asset.sha256,
        asset.voice,
        asset.face,
        _note(asset),
    )
