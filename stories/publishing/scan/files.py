"""Files: in every store, in the folders where things are on their way, and beside them."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage, storages

from media_pipeline import api as media
from stories.publishing.scan.layers import layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Match, Reader, Wanted

CHUNK = 1024 * 1024
# A file that is no text is read for words too, up to this many bytes. Recordings are compared by
# their hash alone, whatever their size.
MOST_BYTES_OF_OTHER = 5_000_000
SQLITE = b"SQLite format 3\0"  # a copy of a database is read whole
SOURCE_STORES = {"originals", "renditions", "incoming"}


def scan_stores(wanted: Wanted, report: Report) -> None:
    for alias in settings.STORAGES:
        place, storage, source = f"store {alias}", storages[alias], alias in SOURCE_STORES
        if not _is_upload_folder(storage):  # that one is looked into below
            scan_storage(place, storage, wanted, report, source=source)
            _scan_unfinished(place, storage, wanted, report, source=source)


def _is_upload_folder(storage: Storage) -> bool:
    uploads = settings.FILE_UPLOAD_TEMP_DIR
    where = getattr(storage, "location", "")
    return bool(uploads and where) and Path(where).resolve() == Path(uploads).resolve()


def _scan_unfinished(
    place: str, storage: Storage, wanted: Wanted, report: Report, *, source: bool
) -> None:
    """Uploads in parts to a bucket that never ended: their parts are kept, in no listing, and
    can't be read. Their names can."""
    names = getattr(storage, "unfinished_names", list)
    for name in names():
        report.count(place, unfinished=1)
        report.add(place, wanted.of_name(name), "an upload that never ended", source=source)


def scan_folders(wanted: Wanted, report: Report) -> None:
    """Where uploads come in, and where work on recordings is under way."""
    folders = {"incoming": settings.FILE_UPLOAD_TEMP_DIR, "work": settings.MEDIA_WORK_DIR}
    for place, folder in folders.items():
        if folder:
            scan_folder(f"folder {place}", Path(folder), wanted, report, source=True)
        else:
            report.note(f"No folder of our own for {place}: the system's is not looked into.")


def scan_folder(
    place: str, folder: Path, wanted: Wanted, report: Report, *, source: bool = False
) -> None:
    report.count(place, files=0)
    if folder.is_dir():
        scan_storage(place, FileSystemStorage(folder), wanted, report, source=source)


def scan_storage(
    place: str, storage: Storage, wanted: Wanted, report: Report, *, source: bool
) -> None:
    report.count(place, files=0)
    try:
        for name in walk(storage):
            _scan_file(place, storage, name, wanted, report, source)
    except (NotImplementedError, ImproperlyConfigured):
        report.note(f"The {place} can't list its files, so it was not looked into.")


def _scan_file(
    place: str, storage: Storage, name: str, wanted: Wanted, report: Report, source: bool
) -> None:
    named = Reader(wanted).read(name) | set(wanted.in_value(Path(name).stem))
    try:
        with storage.open(name) as file:
            inside, size = matches_in_file(wanted, iter(lambda: file.read(CHUNK), b""))
    except FileNotFoundError:
        return  # gone meanwhile
    except media.StoreFailed:
        raise  # the store is away: a scan without it would say that all is gone
    except OSError as error:
        report.note(f"A file in the {place} could not be read ({type(error).__name__}).")
        return
    report.count(place, files=1, bytes=size)
    # A name that says something of the story is not printed.
    row = "a file whose own name says it" if named else name
    report.add(place, {*named, *inside, *wanted.of_name(name)}, row, source=source)


def walk(storage: Storage, folder: str = "") -> Iterator[str]:
    """Names of all files in a store. A folder that goes meanwhile is passed by."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    start = f"{folder}/" if folder else ""
    for file in sorted(files):
        yield start + file
    for inner in sorted(folders):
        yield from walk(storage, start + inner)


def matches_in_file(wanted: Wanted, chunks: Iterator[bytes]) -> tuple[set[Match], int]:
    """Whose file or words it is, read once in pieces; and how many bytes it had."""
    digest, size = hashlib.sha256(), 0
    reader, matches = Reader(wanted), set()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    is_text = False
    for chunk in chunks:
        if not size:
            is_text = b"\0" not in chunk[:8192] or chunk.startswith(SQLITE)
        digest.update(chunk)
        size += len(chunk)
        if is_text or size <= MOST_BYTES_OF_OTHER:
            text, *packed = layers(decoder.decode(chunk))
            matches |= reader.feed(text)
            for inner in packed:
                matches |= Reader(wanted).read(inner)
    return matches | reader.end() | set(wanted.of_file(digest.hexdigest())), size
