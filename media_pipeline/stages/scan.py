"""Looked at by a virus scanner before anything else is done with it, where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from media_pipeline import originals, scanner, sealing, storage
from media_pipeline.errors import LeaseLost, UnreadableMedia
from media_pipeline.models import MediaAsset
from media_pipeline.work import Result, Work

INFECTED = _(
    "Our virus scanner found something harmful in your recording, so we have not kept it. "
    "Please send us another copy, from another device if you can."
)
TOO_LARGE = _(
    "Your recording is kept. It is larger than our virus scanner can look at, so it waits for "
    "somebody here."
)
RAISE_LIMITS = _(
    "clamd did not look at all of it. Raise StreamMaxLength, MaxFileSize, MaxScanSize and "
    "MaxScanTime in clamd.conf, and try again. It looks at nothing above 2 GB."
)


def profile() -> dict:
    return {"version": 1}


def run(work: Work) -> Result:
    """Destroys the original, and raises UnreadableMedia, where something was found.

    Raises ScannerAway: the recording waits. What the scanner can't look at does not pass either.
    """
    asset = work.asset
    if not scanner.is_wanted():  # there is none any more
        return Result()
    if not asset.original:  # an attempt before this one destroyed it
        raise UnreadableMedia("infected", INFECTED)
    with originals.open_(asset) as plain:
        try:
            found = scanner.scan(_told(work, sealing.pieces_of(plain)))
        except scanner.NotScanned:
            raise UnreadableMedia("not_scanned", TOO_LARGE, RAISE_LIMITS) from None
    if found:
        if work.stop.is_set():
            raise LeaseLost
        storage.wipe(storage.originals(), asset.pk)
        MediaAsset.objects.filter(pk=asset.pk).update(original="")
        raise UnreadableMedia("infected", INFECTED, f"The virus scanner found {found}.")
    return Result()


def _told(work: Work, pieces: Iterator[bytes]) -> Iterator[bytes]:
    sent = 0
    for piece in pieces:
        if work.stop.is_set():
            raise LeaseLost
        yield piece
        sent += len(piece)
        work.done = 0.9 * sent / work.asset.bytes
