"""What lies in the stores, whichever engine keeps them, and emptying them after a test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage, storages

from media_pipeline import buckets, storage, stores
from media_pipeline.errors import StoreFailed


def names(alias: str) -> list[str]:
    """Every file in a store, in order; also uploads in parts that did not end, so named."""
    store = storages[alias]
    found = list(_walk(store, ""))
    if storage.far(store):
        found += [f"unfinished {each.name}" for each in buckets.unfinished(store)]
    return sorted(found)


def everywhere() -> list[str]:
    """Every file in the stores of recordings, the working folder and the upload folder."""
    found = [f"{alias}/{name}" for alias in stores.ALIASES[1:] for name in names(alias)]
    for folder in (settings.MEDIA_WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR):
        found += [str(path) for path in Path(folder).rglob("*") if path.is_file()]
    return sorted(found)


def empty() -> None:
    """Take everything out of the buckets. Folders are the caller's to remove."""
    for alias in stores.ALIASES:
        store = storages[alias]
        if storage.far(store):
            _empty(store)


def remove() -> None:
    """The buckets too, at the end of a run. Does nothing the second time."""
    for alias in stores.ALIASES:
        store = storages[alias]
        if storage.far(store):
            with contextlib.suppress(StoreFailed), buckets.in_our_words():
                _empty(store)
                buckets.client(store).delete_bucket(Bucket=store.bucket_name)


def _empty(store: Storage) -> None:
    buckets.give_up(store, "")
    buckets.delete(store, list(buckets.names(store)))


def _walk(store: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    yield from (start + file for file in files)
    for inner in folders:
        yield from _walk(store, start + inner)
