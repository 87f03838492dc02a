"""What the pipeline's tests share: uploads as Django hands them over, and where to look."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from media_pipeline import api, storage


def uploaded(path: Path, name: str = "My name and town.mp4") -> TemporaryUploadedFile:
    """A file as the form hands it over: a temporary file on disk, with the person's own name."""
    upload = TemporaryUploadedFile(name, "video/mp4", path.stat().st_size, None)
    with path.open("rb") as source:
        shutil.copyfileobj(source, upload)
    upload.seek(0)
    return upload


def receive(path: Path, name: str = "My name and town.mp4") -> api.AssetInfo:
    """Take the file in as a form would, and end the request."""
    upload = uploaded(path, name)
    try:
        return api.receive(upload)
    finally:
        upload.close()


def kept_files() -> list[Path]:
    """Every file in the stores, the working folder and the upload folder."""
    folders = [storage.originals().location, storage.renditions().location]
    folders += [settings.MEDIA_WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR]
    return [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _short_lease(settings):
    """A lease that outlasts a busy machine's hiccup, and runs out within a test."""
    settings.MEDIA_LEASE_SECONDS = 6
