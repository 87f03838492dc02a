"""Adding bytes to a file that is on its way in: kept in steps, and told only once they are safe."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

from media_pipeline import storage
from media_pipeline.incoming import keepers
from media_pipeline.incoming.errors import TooLong, UploadBusy, WrongChecksum
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
) -> int:
    """Keep what `blocks` give from `offset` on; how many bytes of the file are safe now.

    `size` is how many bytes were announced. Where fewer come, because the connection broke, those
    are kept; but with a `checksum` (algorithm, digest) it is all or nothing. Raises WrongOffset,
    UploadBusy, TooLong, WrongChecksum; OSError where we can't keep it, and what was safe stays so.
    """
    if size > row.length - offset:
        raise TooLong
    hold = Hold(row, offset)
    try:
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
