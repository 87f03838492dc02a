"""Hand out the stories that are open for a purpose as a zip, and remember who got which."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stories.contributions.models import NotPossible
from stories.publishing.export import PURPOSES, export_stories


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--purpose", required=True, choices=sorted(PURPOSES))
        parser.add_argument("--to", required=True, help="Who gets them, by name.")
        parser.add_argument("--out", required=True, type=Path, help="The zip to write; new.")

    def handle(self, *args, **options) -> None:
        out = options["out"]
        if not options["to"].strip():
            raise CommandError("Say who gets them: --to NAME.")
        try:
            # Made first, so that nothing is remembered as handed out that can't be written.
            handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{out} exists already. Choose another name.") from error
        except OSError as error:
            raise CommandError(f"{out} can't be written: {error.strerror}.") from error
        try:
            with os.fdopen(handle, "wb") as target:
                export, spool = export_stories(options["purpose"], options["to"])
                with spool:
                    shutil.copyfileobj(spool, target)
        except NotPossible as error:
            out.unlink()
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{export.contributions.count()} stories, for {export.recipient}: {out} "
            f"(SHA-256 {export.sha256})."
        )
