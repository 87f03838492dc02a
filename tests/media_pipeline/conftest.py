"""What the pipeline's tests share: uploads as Django hands them over, and where to look."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from media_pipeline import api
from stories.contributions import keys
from tests.clock import clock

__all__ = ["clock"]
OWNER = uuid.UUID(int=7)


def uploaded(path: Path, name: str = "My name and town.mp4") -> TemporaryUploadedFile:
    """A file as the form hands it over: a temporary file on disk, with the person's own name."""
    upload = TemporaryUploadedFile("upload", "video/mp4", path.stat().st_size, None)
    upload.name = name
    with path.open("rb") as source:
        shutil.copyfileobj(source, upload)
    upload.seek(0)
    return upload


def owner() -> uuid.UUID:
    """Somebody with a key, as whoever sends a recording has one."""
    if not keys.exists(OWNER):
        keys.create(OWNER)
    return OWNER


def receive(path: Path, name: str = "My name and town.mp4") -> api.AssetInfo:
    """Take the file in as a form would, and end the request."""
    upload = uploaded(path, name)
    try:
        return api.receive(upload, owner=owner())
    finally:
        upload.close()


@pytest.fixture(autouse=True)
def _here(settings):
    """A lease that outlasts a busy machine's hiccup, and runs out within a test; no nginx."""
    settings.MEDIA_LEASE_SECONDS = 6
    settings.DELIVERY = "threads"
