"""The folders that we write to: there or to be made, ours, and with room left."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

# Below this a database can stop in the middle of a write, and a recording can't be taken in.
FLOOR_BYTES = 500 * 10**6
FOLDERS = ("DATA_DIR", "MEDIA_WORK_DIR", "FILE_UPLOAD_TEMP_DIR", "KEYS_DIR")


def problem() -> str:
    places = {name: Path(getattr(settings, name)) for name in FOLDERS}
    places["JOURNAL_PATH"] = Path(settings.JOURNAL_PATH).parent
    return " ".join(filter(None, (_look(name, place) for name, place in places.items())))


def _look(name: str, folder: Path) -> str:
    # What is not there yet is made by whoever needs it first, in the nearest folder that is.
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return f"{name}: the disk below {folder} is full. Make room, or choose another."
        return f"{name}: we can't write to {folder}. Give it to the one who runs the site."
    if free < FLOOR_BYTES:
        return (
            f"{name}: the disk below {folder} has {free // 10**6} MB left, and should have "
            f"{FLOOR_BYTES // 10**6}. Make room, or choose another."
        )
    return ""
