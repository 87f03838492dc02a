"""Caches, and sessions that are not in the database."""

from __future__ import annotations

import pickletools
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from stories.publishing.scan.files import scan_folder
from stories.publishing.scan.layers import inflated, layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

IN_DATABASE = ("django.contrib.sessions.backends.db", "django.contrib.sessions.backends.cached_db")


def scan_caches(wanted: Wanted, report: Report) -> None:
    for alias in settings.CACHES:
        cache, place = caches[alias], f"cache {alias}"
        report.count(place, entries=0)
        match cache:
            case DatabaseCache() | DummyCache():
                pass  # its table was read with the others, or there is nothing
            case LocMemCache():
                for key, packed in list(cache._cache.items()):  # type: ignore[attr-defined]
                    _look(place, [key, packed], wanted, report)
                report.note(
                    f"The {place} is in each process's own memory: only this process's could be "
                    "looked into. The others' is gone when they are restarted."
                )
            case FileBasedCache():
                folder = Path(cache._dir)  # type: ignore[attr-defined]
                for path in sorted(folder.glob(f"*{cache.cache_suffix}")):
                    _look(place, [_unpacked(path)], wanted, report)
            case _:
                report.note(f"The {place} ({type(cache).__name__}) can't be looked into.")


def _look(place: str, values: list, wanted: Wanted, report: Report) -> None:
    report.count(place, entries=1)
    for value in values:
        for text in layers(value):
            report.add(place, Reader(wanted).read(text))


def _unpacked(path: Path) -> bytes:
    """A file of Django's file cache: the pickle of a time, then a pickled value in zlib."""
    with path.open("rb") as file:
        for _ in pickletools.genops(file):
            pass  # reads to the first pickle's end, and runs nothing
        return inflated(file.read())


def scan_sessions(wanted: Wanted, report: Report) -> None:
    if settings.SESSION_ENGINE.endswith(".file") and settings.SESSION_FILE_PATH:
        scan_folder("sessions", Path(settings.SESSION_FILE_PATH), wanted, report)
    elif settings.SESSION_ENGINE not in IN_DATABASE:
        report.note("Sessions are not kept in the database, and were not looked into.")
