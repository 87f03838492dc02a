"""A file on its way in, from its beginning to the recording it becomes, or to its end."""

from __future__ import annotations

import contextlib
import datetime
import logging
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.utils import timezone

from media_pipeline import intake, storage
from media_pipeline.errors import NotKept, UnreadableMedia
from media_pipeline.incoming import room
from media_pipeline.incoming.errors import NotComplete, TooLarge, UnknownUpload, UploadExpired
from media_pipeline.incoming.holding import held
from media_pipeline.incoming.models import IncomingFile
from media_pipeline.models import MediaAsset
from media_pipeline.removal import erase

log = logging.getLogger(__name__)
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def begin(
    owner: UUID, length: int | None, places: list[str], fingerprint: str = ""
) -> IncomingFile:
    """Accept a file of so many bytes, or one that is still being made, of which nobody knows yet.
    `places[0]` is where it comes from, as called today.

    An earlier one of this owner's that was refused is forgotten. Raises TooLarge, NoRoom and
    TooMuchUnderWay.
    """
    growing = length is None
    length = length or 0
    if not growing and not 0 < length <= settings.MAX_UPLOAD_BYTES:
        raise TooLarge
    IncomingFile.objects.filter(owner=owner).exclude(problem="").delete()
    room.check_quota(owner, places, length)
    room.check_room(length)
    return IncomingFile.objects.create(
        owner=owner,
        place=places[0],
        length=length,
        growing=growing,
        fingerprint=fingerprint,
    )


def find(file_id: UUID, owner: UUID) -> IncomingFile:
    """Raises UnknownUpload, also for somebody else's, and UploadExpired."""
    row = IncomingFile.objects.filter(pk=file_id, owner=owner).first()
    if row is None:
        raise UnknownUpload
    if row.expires <= timezone.now():
        raise UploadExpired
    return row


def under_way(owner: UUID) -> list[IncomingFile]:
    """What this owner has on its way, the newest first."""
    rows = IncomingFile.objects.filter(owner=owner, problem="").order_by("-created")
    return [row for row in rows if row.expires > timezone.now()]


def finish(row: IncomingFile) -> MediaAsset:
    """Look at a complete file and keep it as a recording, with the row until `forget`.

    Asked again it gives the same recording or the same UnreadableMedia. Raises UploadBusy while
    another does it, NotComplete, and NotKept where a store is away or the disk full: the file
    stays complete.
    """
    if row.problem:
        raise UnreadableMedia("refused", row.problem)
    if not row.is_complete:
        raise NotComplete
    with held(row):
        if asset := MediaAsset.objects.filter(pk=row.asset).first():
            return asset
        try:
            # What an earlier try that was killed left where no row knows of it.
            storage.wipe(storage.originals(), row.asset)
            storage.wipe(storage.incoming(), row.asset)
            with _on_disk(row) as path:
                return intake.take_in(_Arrived(path), row.owner, row.asset)
        except UnreadableMedia as unreadable:
            IncomingFile.objects.filter(pk=row.pk).update(problem=unreadable.sentence)
            with contextlib.suppress(OSError):  # what can't go now is swept with its row
                storage.wipe(storage.incoming(), row.pk)
            raise
        except FileNotFoundError as error:
            raise UnknownUpload from error
        except OSError as error:
            raise NotKept from error


def forget(file_id: UUID) -> None:
    """Its recording is known to somebody now. Call it in the transaction that makes it so."""
    IncomingFile.objects.filter(pk=file_id).delete()


def sweep_bytes(file_id: UUID) -> None:
    """After `forget`, outside the transaction: what is left is swept later where this fails."""
    with contextlib.suppress(OSError):
        storage.wipe(storage.incoming(), file_id)


def end(row: IncomingFile) -> None:
    """Let it go with its bytes, and with a recording that nobody was told of. Raises OSError.

    The row goes last: whoever is killed in between leaves what the next sweep finds.
    """
    IncomingFile.objects.filter(pk=row.pk).update(token=None, held_until=None, touched=LONG_AGO)
    storage.wipe(storage.incoming(), row.pk)
    erase(row.asset)
    IncomingFile.objects.filter(pk=row.pk).delete()


def end_all(owner: UUID) -> None:
    """All that this owner has on its way. Raises OSError."""
    for row in IncomingFile.objects.filter(owner=owner):
        end(row)


def end_old(age: datetime.timedelta) -> int:
    """Those of which nothing came for so long; how many there were. One's fault stops no other."""
    old = IncomingFile.objects.filter(touched__lte=timezone.now() - age)
    count = 0
    for row in old:
        try:
            end(row)
            count += 1
        except OSError as error:
            log.warning("An unfinished upload stays for now: %s", type(error).__name__)
    return count


def remnants(owner: UUID) -> list[str]:
    """What this owner has on its way, each as "where: what"."""
    rows = IncomingFile.objects.filter(owner=owner)
    return [f"on its way in: {file_id}" for file_id in rows.values_list("pk", flat=True)]


class _Arrived(File):
    """A file on disk as intake reads it."""

    def __init__(self, path: Path) -> None:
        super().__init__(None)
        self.path = path
        self.size = path.stat().st_size

    def temporary_file_path(self) -> str:
        return str(self.path)


@contextlib.contextmanager
def _on_disk(row: IncomingFile) -> Iterator[Path]:
    """The whole file, to be read: where it came in, or fetched from its bucket for a while.

    It stays where it came in until the recording is known to somebody, so that who dies on the
    way loses nothing.
    """
    store = storage.incoming()
    bucket = storage.far(store)
    if bucket is None:
        yield Path(store.path(row.stored))
        return
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"upload-{secrets.token_hex(16)}"
    try:
        parts = list(row.parts.values_list("number", "etag"))
        bucket.join_parts(store, row.stored, row.upload, parts)
        path.touch(0o600)
        bucket.fetch(store, row.stored, path)
        yield path
    finally:
        path.unlink(missing_ok=True)
