"""Taking in a file: counted, measured and kept before anything else is asked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction
from django.http import HttpRequest

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.places import is_too_often
from stories.contributions.states import State
from stories.templatetags.lengths import bytes_label


class Refused(Exception):
    """The file can't be taken; `sentence` says why and what to do, `status` is HTTP's."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__("upload refused")
        self.sentence, self.status = sentence, status


class SizeGuard(FileUploadHandler):
    """Stops keeping a file that grows over the limit, and reads on so that we can answer."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            if self.request is not None:
                self.request.file_was_too_large = True  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def receive(request: HttpRequest, draft: Contribution) -> Upload | None:
    """Keep the request's file as the draft's recording. None when no file was sent.

    Raises Refused. The recording that was there before stays until another is safely kept.
    """
    if getattr(request, "file_was_too_large", False):
        most = bytes_label(settings.MAX_UPLOAD_BYTES)
        raise Refused(
            f"That file is bigger than {most}, which is the most we can take. "
            "Choose a shorter or smaller recording, or write your story instead.",
            413,
        )
    file = request.FILES.get("file")
    if file is None:
        return None
    if is_too_often(request, "upload", settings.UPLOADS_PER_PLACE_PER_DAY, timedelta(days=1)):
        raise Refused(
            "There have been a lot of files from where you are today, so we have to wait before "
            "taking another. Everything else you told us is kept. Please try again tomorrow.",
            429,
        )
    try:
        asset = media.receive(file)
    except media.UnreadableMedia as unreadable:
        raise Refused(unreadable.sentence) from unreadable
    except media.NotKept as away:
        raise Refused(away.sentence, 503) from away
    try:
        upload, before = _keep(draft, asset)
    except NotPossible:
        media.erase(asset.id)
        raise Refused(
            "You sent this story, or threw it away, in another window while the file was on its "
            "way. So we did not keep the file.",
            409,
        ) from None
    drop_replaced(before)
    return upload


def drop_replaced(uploads: Iterable[Upload]) -> None:
    """Recordings that count no more. What a store that is away keeps, retention destroys later."""
    for old in uploads:
        with suppress(media.StoreFailed):
            media.erase(old.asset_id)
            old.delete()


def _keep(draft: Contribution, asset: media.AssetInfo) -> tuple[Upload, list[Upload]]:
    """The new upload, and those it replaces. Raises NotPossible when it is no draft any more."""
    with transaction.atomic():
        drafts = Contribution.objects.select_for_update(no_key=True).filter(state=State.DRAFT)
        if not drafts.filter(pk=draft.pk).exists():
            raise NotPossible("not a draft any more")
        before = list(draft.uploads.filter(state=Upload.State.KEPT))
        upload = Upload.objects.create(
            contribution=draft,
            asset_id=asset.id,
            kind=asset.kind,
            size=asset.bytes,
            seconds=asset.seconds,
        )
        draft.uploads.exclude(pk=upload.pk).update(state=Upload.State.REPLACED)
    return upload, before
