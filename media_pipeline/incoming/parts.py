"""Keeping a file on its way in as an upload in parts to a bucket, from any web server.

Bytes wait in a nameless file on this machine until there are enough for a part. What is less when
a connection ends becomes an object of its own, which the next connection, on whichever server,
takes along. A part's number is given out once, so that a connection that lost its hold can't
write over what another one sent.
"""

from __future__ import annotations

import contextlib
import math
import tempfile
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from storages.backends.s3 import S3Storage

from media_pipeline import buckets, storage
from media_pipeline.errors import StoreFailed
from media_pipeline.incoming.holding import Hold
from media_pipeline.incoming.models import IncomingPart, new_name

PART_BYTES = 8 * buckets.MB  # a server takes no part below 5 MB, but for the last
MOST_PARTS = 5_000  # S3 numbers 10,000 (S3 User Guide, "multipart upload limits"); some are lost
READ_BYTES = 256 * 1024


def part_bytes(length: int) -> int:
    """How large the parts of a file of so many bytes are."""
    return max(PART_BYTES, math.ceil(length / MOST_PARTS))


class BucketKeeper:
    """What came since the last part waits in `spool`."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold
        self.store = cast(S3Storage, storage.incoming())
        # A file that grows has parts as large as the longest would have.
        self.most = part_bytes(max(hold.row.length, settings.MAX_UPLOAD_BYTES))

    def __enter__(self) -> BucketKeeper:
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
        folder.mkdir(parents=True, exist_ok=True)
        self.spool = tempfile.TemporaryFile(dir=folder)
        try:
            self.waiting = self._fetch_tail()
        except BaseException:
            self.spool.close()
            raise
        self.begins = self.hold.row.offset - self.waiting
        self.unsaid: list[IncomingPart] = []  # taken by the bucket, and not in the row yet
        return self

    def __exit__(self, *_) -> None:
        self.spool.close()

    def write(self, block: bytes) -> None:
        left = memoryview(block)
        while left:
            piece = left[: max(0, self.most - self.waiting)]
            self.spool.write(piece)
            self.waiting += len(piece)
            left = left[len(piece) :]
            if self.waiting >= self.most:
                self._send_part()

    def make_safe(self, last: bool = False) -> None:
        """Parts that were taken; at the end of a connection also what is too little for one."""
        row = self.hold.row
        ends = not row.growing and self.begins + self.waiting == row.length
        if last and self.waiting and ends:
            self._send_part()
        if last and self.waiting and self.begins + self.waiting > self.hold.row.offset:
            self._say(self._put_tail(), self.begins + self.waiting)
        elif self.unsaid:
            self._say("", self.begins)

    def _say(self, tail: str, offset: int) -> None:
        before = self.hold.row.tail
        with transaction.atomic():
            self.hold.change(offset=offset, tail=tail, touched=timezone.now())
            IncomingPart.objects.bulk_create(self.unsaid)
        self.unsaid = []
        if before:
            with contextlib.suppress(OSError):  # else it goes with the whole folder, at the end
                buckets.delete(self.store, [before])

    def _fetch_tail(self) -> int:
        row = self.hold.row
        expected = row.offset - sum(row.parts.values_list("bytes", flat=True))
        if not row.tail:
            if expected:
                raise StoreFailed("A piece of an upload is missing.")
            return 0
        with buckets.open_(self.store, row.tail) as tail:
            while data := tail.read(READ_BYTES):
                self.spool.write(data)
        if self.spool.tell() != expected:
            raise StoreFailed("A piece of an upload has another size than it had.")
        return expected

    def _send_part(self) -> None:
        row = self.hold.row
        if not row.upload:
            self.hold.change(upload=buckets.begin_parts(self.store, row.stored))
        number = row.next_part
        self.hold.change(next_part=number + 1)
        self.spool.seek(0)
        etag = buckets.put_part(self.store, row.stored, row.upload, number, self.spool)
        self.unsaid.append(IncomingPart(file=row, number=number, etag=etag, bytes=self.waiting))
        self.begins += self.waiting
        self.waiting = 0
        self.spool.seek(0)
        self.spool.truncate()

    def _put_tail(self) -> str:
        name = new_name(self.hold.row.pk)
        self.spool.seek(0)
        buckets.put_stream(self.store, name, self.spool)
        self.spool.seek(self.waiting)
        return name
