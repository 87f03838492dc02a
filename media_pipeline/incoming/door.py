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
    NotComplete,
    TooLarge,
    TooLong,
    TooMuchUnderWay,
    UnknownUpload,
    UploadBusy,
    UploadExpired,
    WrongChecksum,
    WrongLength,
    WrongOffset,
)
from media_pipeline.incoming.models import IncomingFile

__all__ = [
    "ALGORITHMS",
    "IncomingInfo",
    "NoRoom",
    "NotAccepted",
    "NotComplete",
    "TooLarge",
    "TooLong",
    "TooMuchUnderWay",
    "UnknownUpload",
    "UploadBusy",
    "UploadExpired",
    "WrongChecksum",
    "WrongLength",
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
    """A file on its way in: `offset` of its `length` bytes are safe. It ends at `expires`.

    While it is `growing` nobody knows how long it will be, and `length` says nothing.
    """

    id: UUID
    length: int
    growing: bool
    offset: int
    expires: datetime.datetime
    fingerprint: str

    @property
    def is_complete(self) -> bool:
        return not self.growing and self.offset == self.length


def begin(
    owner: UUID, length: int | None, places: list[str], fingerprint: str = ""
) -> IncomingInfo:
    """Accept a file of so many bytes; None for one that is still being made.

    `places[0]` is where it comes from, as called today; the rest are its names of the days
    before. Raises TooLarge, NoRoom and TooMuchUnderWay.
    """
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
    length: int | None = None,
    places: list[str] | None = None,
) -> IncomingInfo:
    """Add what `blocks` give, from `offset` on, of which `size` bytes were announced.

    Where fewer come those are kept; with a `checksum` (one of ALGORITHMS, digest) it is all or
    nothing. A file that grows is looked at as a new one with each piece: `places` as in `begin`;
    `length`, with its last bytes, says how long it is. Raises UnknownUpload, UploadExpired,
    WrongOffset, UploadBusy, TooLong, WrongLength, WrongChecksum, NoRoom, TooMuchUnderWay, and
    OSError where it can't be kept now.
    """
    row = coming.find(file_id, owner)
    appending.append(row, offset, blocks, size, checksum, length, places)
    return find(file_id, owner)


def finish(file_id: UUID, owner: UUID) -> UUID:
    """Look at a complete file and keep it as a recording; its asset's id.

    Asked again it says the same. Raises UnknownUpload, UploadExpired, UploadBusy, NotComplete,
    UnreadableMedia and NotKept.
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
    return IncomingInfo(row.id, row.length, row.growing, row.offset, row.expires, row.fingerprint)
