"""Where bytes are kept. Every name is `<asset id>/<random>`: it tells nothing, and is findable.

An asset's own folder is what makes erasure provable: what lies in it is all there is, also
after a worker died between storing a file and recording it.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages


def originals() -> Storage:
    """What people sent. Never served as it is."""
    return storages["originals"]


def renditions() -> Storage:
    """What we made."""
    return storages["renditions"]


class FileOnDisk(File):
    """Lets FileSystemStorage.save() rename the file instead of copying it."""

    def __init__(self, file, path: Path):
        super().__init__(file, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def keep(storage: Storage, asset_id: UUID, path: Path) -> str:
    """Move the file at `path` into `storage`; return the random name it now has."""
    with path.open("rb") as file:
        name = storage.save(f"{asset_id}/{secrets.token_hex(16)}", FileOnDisk(file, path))
    path.unlink(missing_ok=True)  # a storage elsewhere copies
    return name


@contextlib.contextmanager
def local(storage: Storage, name: str, folder: Path) -> Iterator[Path]:
    """The stored file as a path that ffmpeg can read, fetched into `folder` if it is far away."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        path = folder / f"fetched-{secrets.token_hex(4)}"
        try:
            with storage.open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, 2**20)
            yield path
        finally:
            path.unlink(missing_ok=True)
    else:
        yield path


def read(storage: Storage, name: str) -> IO[bytes]:
    """The stored bytes, open for reading and seeking."""
    return cast(IO[bytes], storage.open(name))


def listing(storage: Storage, asset_id: UUID) -> list[str]:
    """Every file kept for an asset, whether or not a row knows of it."""
    try:
        _, files = storage.listdir(str(asset_id))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [f"{asset_id}/{file}" for file in files]


def wipe(storage: Storage, asset_id: UUID) -> None:
    """Delete every file kept for an asset, and its folder. Does nothing the second time."""
    for name in listing(storage, asset_id):
        storage.delete(name)
    with contextlib.suppress(OSError):
        storage.delete(str(asset_id))  # on disk an empty folder would stay behind


def scratch(asset_id: UUID) -> Path:
    """Where work on an asset happens: one folder for each lease lies inside."""
    return Path(settings.MEDIA_WORK_DIR) / str(asset_id)


def sweep_scratch(asset_id: UUID) -> None:
    """Delete what was left half done."""
    shutil.rmtree(scratch(asset_id), ignore_errors=True)


@contextlib.contextmanager
def spooled(upload: File) -> Iterator[Path]:
    """An upload as a path on disk. A copy is deleted afterwards unless it was moved away."""
    if hasattr(upload, "temporary_file_path"):
        yield Path(upload.temporary_file_path())
        return
    room = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    room.mkdir(parents=True, exist_ok=True)
    path = room / f"upload-{secrets.token_hex(16)}"
    try:
        with path.open("wb") as target:
            path.chmod(0o600)
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
