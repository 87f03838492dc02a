"""Where bytes are kept. Every name is `<asset id>/<random>`: it tells nothing, and is findable.

An asset's own folder is what makes erasure provable: what lies in it is all there is, also
after a worker died between storing a file and recording it. A store is a folder on this machine
or a bucket on a server; what differs is decided here, and nowhere else.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

BYTES = "application/octet-stream"


def originals() -> Storage:
    """What people sent. Never served as it is."""
    return storages["originals"]


def renditions() -> Storage:
    """What we made."""
    return storages["renditions"]


def incoming() -> Storage:
    """What people sent and no row knows of yet."""
    return storages["incoming"]


def far(storage: Storage) -> ModuleType | None:
    """What reaches a store that is a bucket. None for a folder, which has no need to import it."""
    if not hasattr(storage, "bucket_name"):
        return None
    from media_pipeline import buckets

    return buckets


def keep(storage: Storage, asset_id: UUID, path: Path, type_: str = BYTES) -> str:
    """Move the file at `path` into `storage`; return the random name it now has."""
    name = f"{asset_id}/{secrets.token_hex(16)}"
    if bucket := far(storage):
        bucket.put(storage, name, path, type_)
        path.unlink(missing_ok=True)
    else:
        place = Path(storage.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)  # a rename, where both are on one disk
    return name


def put(storage: Storage, asset_id: UUID, pieces: Iterable[bytes]) -> str:
    """Keep what `pieces` give, safely before this returns; the random name it now has."""
    name = f"{asset_id}/{secrets.token_hex(16)}"
    if bucket := far(storage):
        bucket.put_pieces(storage, name, pieces)
        return name
    place = Path(storage.path(name))
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with private_file(place) as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    make_durable(place.parent)
    make_durable(place.parent.parent)
    return name


def private_file(path: Path) -> IO[bytes]:
    """A new file, open for writing, that only this account can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def make_durable(folder: Path) -> None:
    """A new name in a folder is lost with the power, until the folder itself is synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def local(storage: Storage, name: str, folder: Path) -> Iterator[Path]:
    """The stored file as a path that ffmpeg can read, fetched into `folder` if it is far away.

    Raises FileNotFoundError and StoreFailed.
    """
    bucket = far(storage)
    if bucket is None:
        path = Path(storage.path(name))
        path.stat()  # a file that is not there is no fault of the walls around ffmpeg
        yield path
        return
    path = folder / f"fetched-{secrets.token_hex(4)}"
    try:
        bucket.fetch(storage, name, path)
        yield path
    finally:
        path.unlink(missing_ok=True)


def read(storage: Storage, name: str) -> IO[bytes]:
    """The stored bytes, open for reading and seeking."""
    bucket = far(storage)
    return bucket.open_(storage, name) if bucket else cast(IO[bytes], storage.open(name))


def address(storage: Storage, alias: str, name: str) -> str:
    """Where nginx finds a stored file: below its own internal locations, never seen outside."""
    bucket = far(storage)
    return f"/_s3{bucket.signed(storage, name)}" if bucket else f"/_files/{alias}/{name}"


def listing(storage: Storage, asset_id: UUID) -> list[str]:
    """Every file kept for an asset, whether or not a row knows of it."""
    if bucket := far(storage):
        return list(bucket.names(storage, f"{asset_id}/"))
    try:
        _, files = storage.listdir(str(asset_id))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [f"{asset_id}/{file}" for file in files]


def unfinished(storage: Storage, asset_id: UUID) -> int:
    """How many uploads of an asset's files began and did not end: their parts are kept too."""
    bucket = far(storage)
    return len(bucket.unfinished(storage, f"{asset_id}/")) if bucket else 0


def give_up(storage: Storage, asset_id: UUID) -> None:
    """Delete the parts of uploads that did not end."""
    if bucket := far(storage):
        bucket.give_up(storage, f"{asset_id}/")


def delete(storage: Storage, *names: str) -> None:
    """Delete these files. Does nothing the second time."""
    if bucket := far(storage):
        bucket.delete(storage, names)
    else:
        for name in names:
            storage.delete(name)


def wipe(storage: Storage, asset_id: UUID) -> None:
    """Delete every file kept for an asset, and its folder. Does nothing the second time."""
    give_up(storage, asset_id)
    delete(storage, *listing(storage, asset_id))
    if not far(storage):
        with contextlib.suppress(OSError):
            storage.delete(str(asset_id))  # on disk an empty folder would stay behind


def left_behind(storage: Storage, before: datetime.datetime) -> set[UUID]:
    """Whose folders something came into before then, and never left."""
    bucket = far(storage)
    names = bucket.older(storage, before) if bucket else _old_folders(storage, before)
    found = set()
    for name in names:
        with contextlib.suppress(ValueError):  # not a name that we gave
            found.add(UUID(name.partition("/")[0]))
    return found


def _old_folders(storage: Storage, before: datetime.datetime) -> Iterator[str]:
    for path in Path(storage.path("")).glob("*/"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                yield path.name


def sweep_uploads(before: datetime.datetime) -> int:
    """Delete uploads on this machine that nobody has written to since then; how many there were."""
    if not settings.FILE_UPLOAD_TEMP_DIR:
        return 0  # the system's own folder holds other people's files
    count = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                path.unlink()
                count += 1
    return count


def scratch(asset_id: UUID) -> Path:
    """Where work on an asset happens: one folder for each lease lies inside."""
    return Path(settings.MEDIA_WORK_DIR) / str(asset_id)


def sweep_scratch(asset_id: UUID) -> None:
    """Delete what was left half done."""
    shutil.rmtree(scratch(asset_id), ignore_errors=True)


def sweep_work(keep: set[str], before: datetime.datetime) -> int:
    """Delete working folders of leases that are not among `keep`, and what else is that old."""
    count = 0
    for folder in Path(settings.MEDIA_WORK_DIR).glob("*/"):
        with contextlib.suppress(FileNotFoundError):
            gone = [lease for lease in folder.glob("*/") if lease.name not in keep]
            if not _is_name(folder.name):  # intake's, which has a name of no asset
                gone = [folder] if folder.stat().st_mtime < before.timestamp() else []
            for each in gone:
                shutil.rmtree(each, ignore_errors=True)
                count += 1
            if gone and folder.is_dir():
                with contextlib.suppress(OSError):  # somebody else has begun there
                    folder.rmdir()
    return count


def _is_name(name: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(UUID(name))
    return False


@contextlib.contextmanager
def spooled(upload: File) -> Iterator[Path]:
    """An upload as a path on disk. A copy is deleted afterwards."""
    if hasattr(upload, "temporary_file_path"):
        yield Path(upload.temporary_file_path())
        return
    room = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = room / f"upload-{secrets.token_hex(16)}"
    try:
        with private_file(path) as target:
            for chunk in upload.chunks():
                target.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The file's SHA-256 as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_facts(text: str) -> tuple[int, str]:
    """(bytes, SHA-256) of a text as it is sent."""
    raw = text.encode()
    return len(raw), hashlib.sha256(raw).hexdigest()
