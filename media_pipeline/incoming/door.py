"""What other rooms use of it, as `media_pipeline.api.incoming`.

A file is begun, added to until it is complete, finished, and forgotten once its recording is
known to somebody. Nothing here knows who its owner is.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from media_pipeline.incoming import appending, coming, room
from media_pipeline.incoming.appending import ALGORITHMS
from media_pipeline.incoming.coming import end_all, end_old, forget, remnants, sweep_bytes
from media_pipeline.incoming.errors import (
    NoRoom,
    NotAccepted,
    TooLarge,
    TooLong,
    TooMuchUnderWay,
    UnknownUpload,
    UploadBusy,
    UploadExpired,
    WrongChecksum,
    WrongOffset,
)
from media_pipeline.incoming.models import IncomingFile

__all__ = [
    "ALGORITHMS",
    "IncomingInfo",
    "NoRoom",
    "NotAccepted",
    "TooLarge",
    "TooLong",
    "TooMuchUnderWay",
    "UnknownUpload",
    "UploadBusy",
    "UploadExpired",
    "WrongChecksum",
    "WrongOffset",
    "append",
    "begin",
    "check_room",
    "end",
    "end_all",
    "end_old",
    "find",
    "finish",
    "forget",
    "remnants",
    "sweep_bytes",
    "under_way",
]

check_room = room.check_room


@dataclass(frozen=True)
class IncomingInfo:
    """A file on its way in: `offset` of its `length` bytes are safe. It ends at `expires`."""

    id: UUID
    length: int
    offset: int
    expires: datetime.datetime
    fingerprint: str

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length


def begin(owner: UUID, length: int, places: list[str], fingerprint: str = "") -> IncomingInfo:
    """Accept a file of so many bytes. `places[0]` is where it comes from, as called today; the
    rest are its names of the days before. Raises TooLarge, NoRoom and TooMuchUnderWay."""
    return _info(coming.begin(owner, length, places, fingerprint))


def find(file_id: UUID, owner: UUID) -> IncomingInfo:
    """How much of it is safe. Raises UnknownUpload, also for somebody else's; UploadExpired."""
    return _info(coming.find(file_id, owner))


def under_way(owner: UUID) -> list[IncomingInfo]:
    """What this owner has on its way, complete or not, the newest first."""
    return [_info(row) for row in coming.under_way(owner)]


def append(
    file_id: UUID,
    owner: UUID,
    offset: int,
    blocks: Iterable[bytes],
    size: int,
    checksum: tuple[str, bytes] | None = None,
) -> IncomingInfo:
    """Add what `blocks` give, from `offset` on, of which `size` bytes were announced.

    Where fewer come those are kept; with a `checksum` (one of ALGORITHMS, digest) it is all or
    nothing. Raises UnknownUpload, UploadExpired, WrongOffset, UploadBusy, TooLong, WrongChecksum,
    and OSError where it can't be kept now.
    """
    row = coming.find(file_id, owner)
    appending.append(row, offset, blocks, size, checksum)
    return find(file_id, owner)


def finish(file_id: UUID, owner: UUID) -> UUID:
    """Look at a complete file and keep it as a recording; its asset's id.

    Asked again it says the same. Raises UnknownUpload, UploadExpired, UploadBusy, UnreadableMedia
    and NotKept.
    """
    return coming.finish(coming.find(file_id, owner)).id


def end(file_id: UUID, owner: UUID) -> None:
    """Let it go with all its bytes. Raises UnknownUpload and OSError."""
    try:
        row = coming.find(file_id, owner)
    except UploadExpired:
        row = IncomingFile.objects.get(pk=file_id)
    coming.end(row)


def _info(row: IncomingFile) -> IncomingInfo:
    return IncomingInfo(row.id, row.length, row.offset, row.expires, row.fingerprint)
