"""Who may write to a file that is on its way in, and for how long.

One conditional UPDATE decides. Whoever lost their hold finds no row to write to, so that a
connection that hangs can't keep the next one out, nor write into what that one sends.
"""

from __future__ import annotations

import contextlib
import datetime
import threading
import time
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from media_pipeline.incoming.errors import UnknownUpload, UploadBusy, WrongOffset
from media_pipeline.incoming.models import IncomingFile

SECONDS = 15  # a connection from which nothing comes for so long has lost its hold
RENEW_SECONDS = 4


class HoldLost(Exception):
    """Somebody else writes to it now, or it was ended."""


class Hold:
    """The right to write to one row, until SECONDS after the last `renew`."""

    def __init__(self, row: IncomingFile, offset: int | None = None) -> None:
        """Raises UploadBusy, and WrongOffset where the kept part does not end at `offset`."""
        self.token = uuid.uuid4()
        now = timezone.now()
        free = IncomingFile.objects.filter(
            Q(token=None) | Q(held_until__lt=now),
            pk=row.pk,
            problem="",
            touched__gt=now - datetime.timedelta(days=settings.UNFINISHED_UPLOAD_DAYS),
        )
        if offset is not None:
            free = free.filter(offset=offset)
        self.renewed = time.monotonic()
        taken = free.update(token=self.token, held_until=now + _lease())
        current = IncomingFile.objects.filter(pk=row.pk).first()
        if current is None:
            raise UnknownUpload
        if not taken:
            raise UploadBusy if offset in (None, current.offset) else WrongOffset
        self.row = current

    @property
    def rows(self):
        return IncomingFile.objects.filter(pk=self.row.pk, token=self.token)

    def change(self, **values) -> None:
        """Write to the row and renew. Raises HoldLost, and nothing is written."""
        self.renewed = time.monotonic()
        if not self.rows.update(held_until=timezone.now() + _lease(), **values):
            raise HoldLost
        for name, value in values.items():
            setattr(self.row, name, value)

    def renew(self) -> None:
        """Before each write: nobody writes who has not asked for some seconds. Raises HoldLost."""
        if time.monotonic() - self.renewed > RENEW_SECONDS:
            self.change()

    def release(self) -> None:
        self.rows.update(token=None, held_until=None)


@contextlib.contextmanager
def held(row: IncomingFile) -> Iterator[Hold]:
    """Hold a row through work of any length, renewed from a thread with its own connection."""
    hold = Hold(row)
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(RENEW_SECONDS):
                with contextlib.suppress(DatabaseError, HoldLost):
                    hold.change()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="incoming-hold", daemon=True)
    thread.start()
    try:
        yield hold
    finally:
        done.set()
        thread.join()
        hold.release()


def _lease() -> datetime.timedelta:
    return datetime.timedelta(seconds=SECONDS)
