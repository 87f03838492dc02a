"""Whether there is room for another file: on the disk, and under what one sender may send."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from media_pipeline import storage
from media_pipeline.incoming.errors import NoRoom, TooMuchUnderWay
from media_pipeline.incoming.models import IncomingFile

NO_ROOM = _(
    "There is not enough room for your file here just now: the fault is ours, not yours. Nothing "
    "you wrote is lost. Please try again tomorrow, choose a smaller file, or write your story "
    "instead."
)
TOO_MUCH_HERE = _(
    "There are files of yours on their way already, and together with this one they are more than "
    "we can take at a time. Stop one of them, or wait until it has arrived, and try again."
)
TOO_MUCH_THERE = _(
    "A lot of files are on their way to us from where you are, so we have to wait before taking "
    "another. Nothing you wrote is lost. Please try again tomorrow."
)


def check_room(length: int) -> None:
    """Room for so many bytes more, beside all that is promised already. Raises NoRoom."""
    if length > free_bytes() - _promised() - settings.MIN_FREE_BYTES:
        raise NoRoom(str(NO_ROOM))


def free_bytes() -> int:
    """Of the disk where files come in. On S3 each is looked at there before it is kept."""
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _promised() -> int:
    """What is still to come of files that were accepted. What lies in a bucket needs no disk."""
    rows = IncomingFile.objects.filter(problem="")
    still = Sum("length") if storage.far(storage.incoming()) else Sum(F("length") - F("offset"))
    return rows.aggregate(sum=still)["sum"] or 0


def check_quota(owner: UUID, places: list[str], more: int) -> None:
    """So many bytes more. Raises TooMuchUnderWay. `places` are the names that one place had over
    the last days."""
    rows = IncomingFile.objects.filter(problem="")
    for those, most, sentence in (
        (Q(owner=owner), settings.UNFINISHED_BYTES_PER_STORY, TOO_MUCH_HERE),
        (Q(place__in=places), settings.UNFINISHED_BYTES_PER_PLACE, TOO_MUCH_THERE),
    ):
        under_way = rows.filter(those).aggregate(sum=Sum("length"))["sum"] or 0
        if under_way + more > most:
            raise TooMuchUnderWay(str(sentence))
