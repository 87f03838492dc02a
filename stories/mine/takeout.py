"""Zip files for the person whose story it is: what they sent, or everything we hold."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from typing import IO

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.contributions.models import Contribution, Upload

CHUNK = 1024 * 1024  # bytes: a recording may be larger than this machine's memory
NAME = "copy.zip"
NOT_WHOLE = _(
    "Your recording was damaged where we keep it. What you have here ends where that begins.\n"
    "We are sorry. Please tell us: we may be able to bring it back from a copy.\n"
)


def zip_of(fill: Callable[[zipfile.ZipFile], None]) -> FileResponse:
    """Let `fill` write into a zip on disk that has no name there; answer with it, in pieces."""
    spool = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 (FileResponse closes it)
    try:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as bundle:
            fill(bundle)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return FileResponse(spool, as_attachment=True, filename=NAME)


def add(bundle: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """One file of any size, piece by piece."""
    with bundle.open(name, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)


def pieces_of(source: IO[bytes]) -> Iterable[bytes]:
    while piece := source.read(CHUNK):
        yield piece


def add_original(bundle: zipfile.ZipFile, name: str, upload: Upload) -> bool:
    """The recording as it was sent, as `name` and its kind's ending. False when it is not kept."""
    try:
        container = media.info(upload.asset_id).container
        source = media.open_original(upload.asset_id)
    except (media.UnknownAsset, media.OriginalDropped, FileNotFoundError, ValueError):
        return False
    with source:
        try:
            add(bundle, f"{name}.{container}", pieces_of(source))
        except media.Damaged:
            bundle.writestr(f"{name}-is-not-whole.txt", str(NOT_WHOLE))
    return True


def add_rendition(bundle: zipfile.ZipFile, folder: str, upload: Upload, name: str) -> bool:
    """One thing that we made from a recording. False when it is not there any more."""
    try:
        source = media.open_rendition(upload.asset_id, name)
    except FileNotFoundError:
        source = None
    if source is None:
        return False
    with source:
        add(bundle, f"{folder}{name}", pieces_of(source))
    return True


def copy_of(contribution: Contribution) -> FileResponse:
    """A zip with the words as plain text and the recording as it was sent."""

    def fill(bundle: zipfile.ZipFile) -> None:
        private = contribution.private
        texts = [private.title, private.shown_name, private.words]
        bundle.writestr("my-words.txt", "\n\n".join(text for text in texts if text) + "\n")
        if contribution.upload:
            add_original(bundle, "my-recording", contribution.upload)

    return zip_of(fill)
