"""The door of this room: the only module that others import.

A recording comes in with `receive`, is worked on after `start`, and what became of it is asked
for by the asset's id. Nothing here knows what the recording is for.
"""

from __future__ import annotations

import io
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound

from media_pipeline import (
    intake,
    jobs,
    originals,
    overview,
    playlists,
    ranges,
    storage,
    transcriber,
)
from media_pipeline.captions import Cue
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
from media_pipeline.jobs import Progress, ring_all
from media_pipeline.models import MediaAsset, Rendition
from media_pipeline.names import NEEDS
from media_pipeline.overview import WorkNow
from media_pipeline.removal import (
    drop_original,
    erase,
    erase_all,
    needs_original,
    remnants,
    sweep_incoming,
    sweep_work,
    with_original,
)
from media_pipeline.sandbox import notice as sandbox_notice
from media_pipeline.sandbox import problem as sandbox_problem
from media_pipeline.scanner import notice as scanner_notice
from media_pipeline.scanner import problem as scanner_problem
from media_pipeline.stores import prepare, problem
from media_pipeline.transcriber import Word

__all__ = [
    "NEEDS",
    "RELEASED",
    "AssetInfo",
    "Cue",
    "Damaged",
    "NotKept",
    "NotReleasable",
    "OriginalDropped",
    "Progress",
    "RenditionInfo",
    "StoreFailed",
    "UnknownAsset",
    "UnreadableMedia",
    "Word",
    "WorkNow",
    "at_work",
    "can_transcribe",
    "cues",
    "drop_original",
    "erase",
    "erase_all",
    "in_trouble",
    "incoming",
    "info",
    "look",
    "open_original",
    "open_rendition",
    "prepare",
    "problem",
    "progress",
    "receive",
    "release",
    "remnants",
    "renditions",
    "respond",
    "retry",
    "ring_all",
    "sandbox_notice",
    "sandbox_problem",
    "scanner_notice",
    "scanner_problem",
    "start",
    "stop",
    "sweep_incoming",
    "sweep_work",
    "with_original",
]


class _Released(frozenset):
    """Stands for "the released ones, whichever they are at that moment"."""


RELEASED = _Released()


@dataclass(frozen=True)
class AssetInfo:
    """A recording. `kind` is "video" or "audio"; `bytes` and `seconds` are of the original."""

    id: UUID
    kind: str
    bytes: int
    seconds: float
    container: str
    has_picture: bool
    has_sound: bool
    sha256: str


@dataclass(frozen=True)
class RenditionInfo:
    """One thing made from a recording. Sizes in bytes and pixels (0 where there are none)."""

    name: str
    content_type: str
    bytes: int
    sha256: str
    seconds: float
    width: int
    height: int
    released: bool


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
        raise OriginalDropped("The recording as it was sent is not kept any more.")
    return originals.open_(asset)


def open_rendition(asset_id: UUID, name: str) -> IO[bytes] | None:
    """What was made from a recording, released or not, to give to whoever sent it.

    None where there is no such rendition. Raises StoreFailed.
    """
    row = Rendition.objects.filter(asset_id=asset_id, name=name).first()
    if row is None:
        return None
    if row.stored:
        return storage.read(storage.renditions(), row.stored)
    text = _master(row, frozenset(NEEDS)) if name == "master.m3u8" else row.text
    return io.BytesIO(text.encode()) if text else None


def start(asset_id: UUID, *, transcribe: bool) -> None:
    """Have the recording prepared, with its words written down if `transcribe`.

    Safe to call again: finished stages stay, failed ones are tried afresh. Raises UnknownAsset,
    and OriginalDropped where something would have to be made again from the original.
    """
    asset = _asset(asset_id)
    if not asset.original and needs_original(asset):
        raise OriginalDropped("It can't be prepared again: the original is not kept any more.")
    jobs.start(asset, transcribe=transcribe)


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


def renditions(asset_id: UUID) -> dict[str, RenditionInfo]:
    """What has been made, by name; empty for an unknown recording."""
    return {
        row.name: RenditionInfo(
            row.name,
            row.content_type,
            row.bytes,
            row.sha256,
            row.seconds,
            row.width,
            row.height,
            row.released,
        )
        for row in Rendition.objects.filter(asset_id=asset_id)
    }


def cues(asset_id: UUID) -> list[Cue]:
    """What is said, in order; empty while nothing is written down. Raises UnknownAsset."""
    return [
        Cue(row.start, row.end, row.text, tuple(Word(*word) for word in row.words))
        for row in _asset(asset_id).cues.all()
    ]


def release(asset_id: UUID, names: Iterable[str]) -> None:
    """Open exactly these renditions and close all others.

    Raises NotReleasable, and changes nothing, if one does not exist or is not proven clean.
    """
    wanted = set(names)
    with transaction.atomic():
        rows = Rendition.objects.filter(asset_id=asset_id)
        clean = set(rows.filter(proven_clean=True).values_list("name", flat=True))
        if wanted - clean:
            missing = ", ".join(sorted(wanted - clean))
            raise NotReleasable(f"Not there, or not proven clean: {missing}.")
        rows.exclude(name__in=wanted).update(released=False)
        rows.filter(name__in=wanted).update(released=True)


def respond(
    request: HttpRequest, asset_id: UUID, name: str, *, allowed: Container[str]
) -> HttpResponseBase:
    """The bytes of a rendition, or 404 unless `name` is in `allowed`.

    The caller decides who may see what; pass RELEASED for what everyone may. The master
    playlist lists only what `allowed` holds.
    """
    if allowed is RELEASED:
        rows = Rendition.objects.filter(asset_id=asset_id, released=True)
        allowed = set(rows.values_list("name", flat=True))
    row = Rendition.objects.filter(asset_id=asset_id, name=name).first()
    if row is None or name not in allowed:
        return HttpResponseNotFound()
    if row.stored:
        return _stored(request, row)
    text = _master(row, allowed) if name == "master.m3u8" else row.text
    if not text:
        return HttpResponseNotFound()
    size, digest = storage.text_facts(text)
    return ranges.respond(
        request,
        open_=lambda: io.BytesIO(text.encode()),
        size=size,
        sha256=digest,
        type_=row.content_type,
    )


def _stored(request: HttpRequest, row: Rendition) -> HttpResponseBase:
    """Bytes of a stored file: by nginx where it stands in front of us, else by this thread."""
    store = storage.renditions()
    hand_over = None
    if settings.DELIVERY == "nginx":
        hand_over = ranges.HandOver(
            lambda: storage.address(store, "renditions", row.stored),
            sends_any_part=storage.far(store) is not None,
        )
    try:
        return ranges.respond(
            request,
            open_=lambda: storage.read(store, row.stored),
            size=row.bytes,
            sha256=row.sha256,
            type_=row.content_type,
            hand_over=hand_over,
        )
    except StoreFailed:
        resting = HttpResponse(status=503)
        resting["Retry-After"] = "60"
        return resting


def _master(row: Rendition, allowed: Container[str]) -> str:
    rows = Rendition.objects.filter(asset_id=row.asset_id, name__in=["video.m3u8", "audio.m3u8"])
    return playlists.master_for({part.name: part.hls for part in rows}, allowed)


def _asset(asset_id: UUID) -> MediaAsset:
    try:
        return MediaAsset.objects.get(pk=asset_id)
    except MediaAsset.DoesNotExist as error:
        raise UnknownAsset("There is no such recording.") from error


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
    )
