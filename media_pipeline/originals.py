"""Recordings as they were sent: kept sealed, and read back in plain for as long as it is needed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast
from uuid import UUID

from media_pipeline import sealing, storage
from media_pipeline.models import MediaAsset


@contextlib.contextmanager
def kept(asset: MediaAsset, path: Path, owner: UUID) -> Iterator[None]:
    """Seal the file at `path` among the originals; it stays there if the block ends well.

    Gives `asset` its hash and the name of its file. Raises KeyGone, and OSError where a store is
    away or full. A mark in incoming goes last, so that removal.sweep_incoming finds what somebody
    who died on the way has left.
    """
    secret = sealing.key_of(owner)
    try:
        storage.put(storage.incoming(), asset.id, [])
        digest = hashlib.sha256()
        with path.open("rb") as file, ThreadPoolExecutor(1, "sha256") as beside:
            pieces = _hashed(sealing.pieces_of(file), digest, beside)
            sealed = sealing.seal(pieces, secret, asset.id)
            asset.original = storage.put(storage.originals(), asset.id, sealed)
        asset.sha256, asset.sealed_for = digest.hexdigest(), owner
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # what can't go now is swept later
            storage.wipe(storage.originals(), asset.id)
            storage.wipe(storage.incoming(), asset.id)
        raise
    with contextlib.suppress(OSError):
        storage.wipe(storage.incoming(), asset.id)


def keep_beside(asset: MediaAsset, path: Path) -> str:
    """Seal what was made instead of the original, beside it; the name of its file.

    Raises KeyGone, and OSError where a store is away or full.
    """
    if asset.sealed_for is None:
        return storage.keep(storage.originals(), asset.id, path)
    secret = sealing.key_of(asset.sealed_for)
    with path.open("rb") as file:
        sealed = sealing.seal(sealing.pieces_of(file), secret, asset.id)
        return storage.put(storage.originals(), asset.id, sealed)


def _hashed(pieces: Iterable[bytes], digest, beside: ThreadPoolExecutor) -> Iterator[bytes]:
    """Hash each piece while it is sealed: both leave Python's lock alone."""
    for piece in pieces:
        told = beside.submit(digest.update, piece)
        yield piece
        told.result()


def open_(asset: MediaAsset, name: str = "") -> IO[bytes]:
    """The recording in plain, or what lies beside it under `name`, to be read from its beginning.

    Raises KeyGone, FileNotFoundError and StoreFailed; Damaged while it is read.
    """
    file = storage.read(storage.originals(), name or asset.original)
    if asset.sealed_for is None:  # it came before originals were sealed
        return file
    try:
        secret = sealing.key_of(asset.sealed_for)
    except BaseException:
        file.close()
        raise
    return cast(IO[bytes], sealing.Unsealed(file, secret, asset.id))
