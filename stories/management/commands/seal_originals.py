"""Seal recordings that were taken in before recordings were sealed, each under its story's key.

It can be stopped and begun again at any time, while the site runs.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from media_pipeline import api as media
from stories.contributions.models import Upload

EVERY_SECONDS = 10  # is said how far it has come
# What stays in plain, and what to do about it.
LEFT = {
    "busy": "are being worked on just now. Run this again when that is done.",
    "damaged": "are not what was sent. Bring them back from a backup, and run this again.",
    "keyless": "belong to a story whose key has been destroyed, and nothing should be left of it. "
    "Run apply_tombstones and verify_withdrawals.",
    "strange": "belong to no story: nobody can ask for them or take them back. Keep none: run this "
    "with --erase-strange.",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--erase-strange",
            action="store_true",
            help="erase recordings that belong to no story, and all that was made of them",
        )

    def handle(self, *args, **options) -> None:
        waiting = media.in_plain()
        owners = _owners()
        done: Counter[str] = Counter()
        said = time.monotonic()
        try:
            for number, asset in enumerate(waiting):
                if time.monotonic() - said > EVERY_SECONDS:
                    self.stdout.write(f"Looked at {number:,} of {len(waiting):,}.")
                    said = time.monotonic()
                what = _seal(asset, owners.get(asset))
                if what == "strange" and options["erase_strange"]:
                    media.erase(asset)
                    what = "erased"
                done[what] += 1
            swept = media.sweep_originals()
        except OSError as error:  # its type only: a message could name a file
            raise CommandError(
                f"A store is away, or the disk is full ({type(error).__name__}), after "
                f"{done['sealed']:,} recordings. Nothing is lost: run this again."
            ) from None
        self.stdout.write(f"{done['sealed']:,} recordings sealed.")
        if done["erased"]:
            self.stdout.write(f"{done['erased']:,} recordings erased that belonged to no story.")
        if swept:
            self.stdout.write(f"{swept:,} files removed that no recording names.")
        left = [f"{done[why]:,} {what}" for why, what in LEFT.items() if done[why]]
        if left:
            self.stderr.write("Of those that are not sealed:\n" + "\n".join(left))
            sys.exit(1)


def _owners() -> dict[UUID, UUID]:
    """Whose key each recording is to be sealed under."""
    return dict(Upload.objects.values_list("asset_id", "contribution__contributor_key"))


def _seal(asset: UUID, owner: UUID | None) -> str:
    if owner is None:
        return "strange"
    try:
        return "sealed" if media.seal_late(asset, owner) else "busy"
    except media.OriginalDropped:
        return "keyless"
    except media.Damaged:
        return "damaged"
