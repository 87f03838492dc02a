"""What was made of a recording, and the only ways to it: described, opened, released and sent."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound

from media_pipeline import playlists, ranges, storage, wishes
from media_pipeline.chapters import Marks, Tagged, id3_tag
from media_pipeline.errors import NotReleasable, StoreFailed
from media_pipeline.models import Rendition
from media_pipeline.names import NEEDS


class _Released(frozenset):
    """Stands for "the released ones, whichever they are at that moment"."""


RELEASED = _Released()


@dataclass(frozen=True)
class RenditionInfo:
    """One thing made from a recording. Sizes in bytes and pixels (0 where there are none).

    `voice` and `face` are what is to be heard and seen in it, as in AssetInfo; "" for neither.
    """

    name: str
    content_type: str
    bytes: int
    sha256: str
    seconds: float
    width: int
    height: int
    released: bool
    voice: str
    face: str


def renditions(asset_id: UUID) -> dict[str, RenditionInfo]:
    """What has been made and shows no more than is wished, by name; empty for an unknown one."""
    return {row.name: _info(row) for row in rows_of(asset_id)}


def renditions_of_all(asset_ids: Iterable[UUID | None]) -> dict[UUID, dict[str, RenditionInfo]]:
    """The same of many recordings, in one query. Of what is unknown there is nothing."""
    wanted = [asset_id for asset_id in asset_ids if asset_id]
    found: dict[UUID, dict[str, RenditionInfo]] = defaultdict(dict)
    for row in Rendition.objects.filter(asset_id__in=wanted).select_related("asset"):
        if wishes.meets(row, row.asset):
            found[row.asset_id][row.name] = _info(row)
    return dict(found)


def _info(row: Rendition) -> RenditionInfo:
    return RenditionInfo(
        row.name,
        row.content_type,
        row.bytes,
        row.sha256,
        row.seconds,
        row.width,
        row.height,
        row.released,
        row.voice,
        row.face,
    )


def bytes_with_chapters(item: RenditionInfo, marks: Marks) -> int:
    """How long the file is that respond() sends with these chapters."""
    return item.bytes + len(id3_tag(marks, item.seconds))


def rows_of(asset_id: UUID) -> list[Rendition]:
    """Nobody gets to anything else than these, whatever way they come."""
    rows = Rendition.objects.filter(asset_id=asset_id).select_related("asset")
    return [row for row in rows if wishes.meets(row, row.asset)]


def row_of(asset_id: UUID, name: str) -> Rendition | None:
    return next((row for row in rows_of(asset_id) if row.name == name), None)


def open_rendition(asset_id: UUID, name: str) -> IO[bytes] | None:
    """What was made from a recording, released or not, to give to whoever sent it.

    None where there is no such rendition. Raises StoreFailed.
    """
    row = row_of(asset_id, name)
    if row is None:
        return None
    if row.stored:
        return storage.read(storage.renditions(), row.stored)
    text = _master(row, frozenset(NEEDS)) if name == "master.m3u8" else row.text
    return io.BytesIO(text.encode()) if text else None


def release(asset_id: UUID, names: Iterable[str]) -> None:
    """Open exactly these renditions and close all others.

    Raises NotReleasable, and changes nothing, if one does not exist, is not proven clean, or
    shows more than is wished.
    """
    wanted = set(names)
    with transaction.atomic():
        rows = Rendition.objects.filter(asset_id=asset_id)
        clean = {row.name for row in rows_of(asset_id) if row.proven_clean}
        if wanted - clean:
            missing = ", ".join(sorted(wanted - clean))
            raise NotReleasable(f"Not there, or not proven clean: {missing}.")
        rows.exclude(name__in=wanted).update(released=False)
        rows.filter(name__in=wanted).update(released=True)


def respond(
    request: HttpRequest,
    asset_id: UUID,
    name: str,
    *,
    allowed: Container[str],
    chapters: Marks = (),
) -> HttpResponseBase:
    """The bytes of a rendition, or 404 unless `name` is in `allowed`.

    The caller decides who may see what; pass RELEASED for what everyone may. The master
    playlist lists only what `allowed` holds. `chapters` are for an MP3.
    """
    if allowed is RELEASED:
        rows = Rendition.objects.filter(asset_id=asset_id, released=True)
        allowed = set(rows.values_list("name", flat=True))
    row = row_of(asset_id, name)
    if row is None or name not in allowed:
        return HttpResponseNotFound()
    if row.stored:
        return _stored(request, row, id3_tag(chapters, row.seconds))
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


def _stored(request: HttpRequest, row: Rendition, tag: bytes) -> HttpResponseBase:
    """Bytes of a stored file: by nginx where it stands in front of us, else by this thread.

    With a tag before them they are sent by this thread always: nginx joins nothing to a file.
    """
    store = storage.renditions()
    hand_over = None
    if settings.DELIVERY == "nginx" and not tag:
        hand_over = ranges.HandOver(
            lambda: storage.address(store, "renditions", row.stored),
            sends_any_part=storage.far(store) is not None,
        )
    try:
        return ranges.respond(
            request,
            open_=lambda: _open(row, tag),
            size=len(tag) + row.bytes,
            sha256=hashlib.sha256(tag + row.sha256.encode()).hexdigest() if tag else row.sha256,
            type_=row.content_type,
            hand_over=hand_over,
        )
    except StoreFailed:
        resting = HttpResponse(status=503)
        resting["Retry-After"] = "60"
        return resting


def _open(row: Rendition, tag: bytes) -> IO[bytes]:
    file = storage.read(storage.renditions(), row.stored)
    return cast(IO[bytes], Tagged(tag, file)) if tag else file


def _master(row: Rendition, allowed: Container[str]) -> str:
    rows = [part for part in rows_of(row.asset_id) if part.name in playlists.MEDIA]
    return playlists.master_for({part.name: part.hls for part in rows}, allowed)
