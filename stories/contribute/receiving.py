"""Taking in a file: counted, measured and kept before anything else is asked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.places import is_too_often
from stories.contributions.states import State
from stories.templatetags.lengths import bytes_label

TOO_OFTEN = _(
    "There have been a lot of files from where you are today, so we have to wait before taking "
    "another. Everything else you told us is kept. Please try again tomorrow."
)
STILL_LOOKING = _(
    "Your file has all arrived, and we are still looking at it. Please press Continue again in a "
    "minute."
)
GONE_MEANWHILE = _(
    "You sent this story, or threw it away, in another window while the file was on its way. So we "
    "did not keep the file."
)
NOT_ALL_HERE = _(
    "Not all of your recording has arrived yet. What has is safe. Please press Continue again in a "
    "minute."
)
NOT_HERE = _("The file that you sent is not here any more. Please choose it again.")


class Refused(Exception):
    """The file can't be taken; `sentence` says why and what to do, `status` is HTTP's."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__("upload refused")
        self.sentence, self.status = sentence, status


class SizeGuard(FileUploadHandler):
    """Stops keeping a file that grows over the limit, or for which there is no room, and reads on
    so that we can answer."""

    no_room = ""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:
        try:
            media.incoming.check_room(content_length)
        except media.incoming.NoRoom as full:
            self.no_room = full.sentence

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self.no_room:
            if self.request is not None:
                self.request.no_room_for_file = self.no_room  # type: ignore[attr-defined]
            raise SkipFile
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            if self.request is not None:
                self.request.file_was_too_large = True  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class NamelessFile(TemporaryFileUploadHandler):
    """Keeps a file under a name in which nothing is of its own: an ending alone can be too long
    for the disk, and would have a say in what the file is taken for."""

    def new_file(self, *args, **kwargs) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        about = (self.content_type, 0, self.charset, self.content_type_extra)
        self.file = TemporaryUploadedFile("upload", *about)
        self.file.name = self.file_name


def too_big() -> str:
    most = bytes_label(settings.MAX_UPLOAD_BYTES)
    return gettext(
        "That file is bigger than %(most)s, which is the most we can take. Choose a "
        "shorter or smaller recording, or write your story instead."
    ) % {"most": most}


def receive(request: HttpRequest, draft: Contribution) -> Upload | None:
    """Keep the request's file as the draft's recording, or the file that came before it in pieces.

    None when there is neither. Raises Refused. The recording that was there before stays until
    another is safely kept.
    """
    if getattr(request, "file_was_too_large", False):
        raise Refused(too_big(), 413)
    if full := getattr(request, "no_room_for_file", ""):
        raise Refused(full, 507)
    file = request.FILES.get("file")
    if file is None:
        coming = _complete(request, draft)
        return _finish(draft, coming) if coming else None
    if is_too_often(request, "upload", settings.UPLOADS_PER_PLACE_PER_DAY, timedelta(days=1)):
        raise Refused(str(TOO_OFTEN), 429)
    try:
        return _as_recording(draft, media.receive(file, owner=draft.contributor_key))
    except media.UnreadableMedia as unreadable:
        raise Refused(unreadable.sentence) from unreadable
    except media.OriginalDropped as dropped:  # with the draft's key
        raise Refused(str(GONE_MEANWHILE), 409) from dropped
    except media.NotKept as away:
        raise Refused(away.sentence, 503) from away


def _complete(request: HttpRequest, draft: Contribution) -> UUID | None:
    """The file that the page names; without a name, the newest that has all arrived."""
    if named := request.POST.get("incoming"):
        try:
            return UUID(named)
        except ValueError:
            raise Refused(str(NOT_HERE), 410) from None
    coming = media.incoming.under_way(draft.contributor_key)
    return next((each.id for each in coming if each.is_complete), None)


def _finish(draft: Contribution, file_id: UUID) -> Upload:
    """Asked again, because an answer was lost, it says the same. Raises Refused."""
    if before := draft.uploads.filter(pk=file_id, state=Upload.State.KEPT).first():
        return before
    try:
        asset = media.incoming.finish(file_id, draft.contributor_key)
        upload = _as_recording(draft, media.info(asset), file_id)
    except media.UnreadableMedia as unreadable:
        raise Refused(unreadable.sentence) from unreadable
    except media.OriginalDropped as dropped:
        raise Refused(str(GONE_MEANWHILE), 409) from dropped
    except media.NotKept as away:
        raise Refused(away.sentence, 503) from away
    except media.incoming.UploadBusy as busy:
        raise Refused(str(STILL_LOOKING), 409) from busy
    except media.incoming.NotComplete as rest:
        raise Refused(str(NOT_ALL_HERE)) from rest
    except media.incoming.UnknownUpload as unknown:
        raise Refused(str(NOT_HERE), 410) from unknown
    media.incoming.sweep_bytes(file_id)
    return upload


def _as_recording(
    draft: Contribution, asset: media.AssetInfo, file_id: UUID | None = None
) -> Upload:
    try:
        upload, before = _keep(draft, asset, file_id)
    except NotPossible:
        media.erase(asset.id)
        if file_id:
            media.incoming.end_all(draft.contributor_key)
        raise Refused(str(GONE_MEANWHILE), 409) from None
    drop_replaced(before)
    return upload


def drop_replaced(uploads: Iterable[Upload]) -> None:
    """Recordings that count no more. What a store that is away keeps, retention destroys later."""
    for old in uploads:
        with suppress(media.StoreFailed):
            media.erase(old.asset_id)
            old.delete()


def _keep(
    draft: Contribution, asset: media.AssetInfo, file_id: UUID | None
) -> tuple[Upload, list[Upload]]:
    """The new upload, and those it replaces. Raises NotPossible when it is no draft any more.

    What came in pieces is forgotten in the same transaction, and its id lives on as the upload's.
    """
    with transaction.atomic():
        drafts = Contribution.objects.select_for_update(no_key=True).filter(state=State.DRAFT)
        if not drafts.filter(pk=draft.pk).exists():
            raise NotPossible("not a draft any more")
        before = list(draft.uploads.filter(state=Upload.State.KEPT))
        upload = Upload.objects.create(
            id=file_id or uuid4(),
            contribution=draft,
            asset_id=asset.id,
            kind=asset.kind,
            size=asset.bytes,
            seconds=asset.seconds,
        )
        draft.uploads.exclude(pk=upload.pk).update(state=Upload.State.REPLACED)
        if file_id:
            media.incoming.forget(file_id)
    return upload, before
