"""Whether the stores are there, ours to write to, and closed to everyone else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from django.core.files.storage import FileSystemStorage, Storage, storages

from media_pipeline import storage

ALIASES = ("default", "originals", "renditions", "incoming")


def prepare() -> int:
    """Make the folders or buckets that are missing; how many there were. Raises OSError."""
    return sum(_make(storages[alias]) for alias in ALIASES)


def problem() -> str:
    """ "" when every store is well; else a sentence: what is wrong with the first, what to do."""
    return next((found for alias in ALIASES if (found := _problem(storages[alias]))), "")


def _make(store: Storage) -> bool:
    if storage.far(store):
        from media_pipeline import bucket_checks

        return bucket_checks.make(store)  # type: ignore[arg-type]
    folder = _folder(store)
    missing = not folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return missing


def _problem(store: Storage) -> str:
    if storage.far(store):
        from media_pipeline import bucket_checks

        return bucket_checks.problem(store)  # type: ignore[arg-type]
    folder = _folder(store)
    if not folder.exists():
        return f"The folder {folder} is missing. Type: manage.py prepare"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"well")
    except OSError as error:
        return (
            f"Nothing can be written to {folder}: {error.strerror}. "
            "Give the site's user the right to write there, and look for room on its disk."
        )
    return ""


def _folder(store: Storage) -> Path:
    return Path(cast(FileSystemStorage, store).location)
