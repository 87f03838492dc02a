"""A copy of what somebody sent, to keep."""

from __future__ import annotations

import tempfile
import zipfile

from django.http import FileResponse

from media_pipeline import api as media
from stories.contributions.models import Contribution


def copy_of(contribution: Contribution) -> FileResponse:
    """A zip with the words as plain text and the recording as it was sent."""
    private = contribution.private
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as bundle:
        texts = [private.title, private.shown_name, private.words]
        bundle.writestr("my-words.txt", "\n\n".join(text for text in texts if text) + "\n")
        if contribution.upload:
            name = f"my-recording.{media.info(contribution.upload.asset_id).container}"
            with (
                media.open_original(contribution.upload.asset_id) as source,
                bundle.open(name, "w", force_zip64=True) as target,
            ):
                while chunk := source.read(1024 * 1024):
                    target.write(chunk)
    spool.seek(0)
    return FileResponse(spool, as_attachment=True, filename="copy.zip")
