"""Adding bytes to a file that is on its way in: kept in steps, and told only once they are safe."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

from django.conf import settings

from media_pipeline import storage
from media_pipeline.incoming import keepers, room
from media_pipeline.incoming.errors import TooLong, UploadBusy, WrongChecksum, WrongLength
from media_pipeline.incoming.holding import Hold, HoldLost
from media_pipeline.incoming.models import IncomingFile

ALGORITHMS = ("sha1", "sha256")
SAFE_SECONDS = 2  # what came is made safe this often, where the keeper can


def append(
    row: IncomingFile,
    offset: int,
    blocks: Iterable[bytes],
    size: int,
    checksum: tuple[str, bytes] | None = None,
    length: int | None = None,
    places: list[str] | None = None,
) -> int:
    """Keep what `blocks` give from `offset` on; how many bytes of the file are safe now.

    `size` is how many bytes were announced. Where fewer come, because the connection broke, those
    are kept; but with a `checksum` (algorithm, digest) it is all or nothing. A file that grows is
    told its `length` with its last bytes. Raises WrongOffset, UploadBusy, TooLong, WrongLength,
    WrongChecksum; for one that grows also NoRoom and TooMuchUnderWay; OSError where we can't keep
    it, and what was safe stays so.
    """
    if not row.growing and size > row.length - offset:
        raise TooLong
    hold = Hold(row, offset)
    try:
        _promise(hold, offset + size, length, places or [row.place])
        with keepers.keeper_of(hold) as keeper:
            digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
            came, safe = 0, time.monotonic()
            for block in blocks:
                hold.renew()
                came += len(block)
                if came > size:
                    raise TooLong
                keeper.write(block)
                if digest:
                    digest.update(block)
                elif time.monotonic() - safe > SAFE_SECONDS:
                    keeper.make_safe()
                    safe = time.monotonic()
            whole = came == size
            if checksum and digest and whole and digest.digest() != checksum[1]:
                raise WrongChecksum
            if whole or not checksum:
                keeper.make_safe(last=True)
    except HoldLost as lost:
        if not IncomingFile.objects.filter(pk=row.pk).exists():
            storage.wipe(storage.incoming(), row.pk)  # ended while we wrote
        raise UploadBusy from lost
    finally:
        hold.release()
    return hold.row.offset


def _promise(hold: Hold, end: int, length: int | None, places: list[str]) -> None:
    """Whether the file may reach as far as `end`.

    One that grows promises nothing beforehand: each of its pieces is looked at as a new file
    would be, against the limit, what one sender may send, and the room that is left.
    """
    row = hold.row
    if not row.growing:
        if length not in (None, row.length):
            raise WrongLength
        return
    promised = end if length is None else length
    if end > promised or promised > settings.MAX_UPLOAD_BYTES:
        raise TooLong
    if (more := promised - row.length) > 0:
        room.check_quota(row.owner, places, more)
        room.check_room(more)
    hold.change(length=promised, growing=length is None)
