"""Look for everything that was taken back, everywhere; say what was looked at, and found."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError

from media_pipeline import api as media
from search import api as search
from stories.publishing.ledger import Manifest
from stories.publishing.scan.broker import BrokerAway
from stories.publishing.scan.report import Report
from stories.publishing.scan.run import scan


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--reference", help="Look for this story only, such as 7K3M-92QD.")

    def handle(self, *args, **options) -> None:
        manifests = Manifest.objects.select_related("contribution")
        if reference := options["reference"]:
            manifests = manifests.filter(contribution__reference=reference)
            if not manifests:
                raise CommandError(
                    "There is no manifest of that story: it was not taken back, or was found gone "
                    "and its manifest has been destroyed."
                )
        try:
            report = scan(manifests)
        except (media.StoreFailed, search.SearchAway, BrokerAway) as away:
            raise CommandError(
                f"{away} Without it nobody can say that a story is gone, so nothing was noted: "
                "verify again when it is there."
            ) from None
        self._say_what_for(list(manifests), report)
        self._say_where(report)
        self._say_what_was_found(report)
        if report.failed:
            sys.exit(1)

    def _say_what_for(self, manifests: list[Manifest], report: Report) -> None:
        hashes = {
            kind: sum(len(manifest.data.get(kind, ())) for manifest in manifests)
            for kind in ("shingles", "phrases", "files", "names")
        }
        self.stdout.write(
            f"Looked for {len(manifests)} stories that were taken back, {len(report.kept)} of them "
            f"kept for their contributors until a date: {hashes['shingles']:,} eights of words, "
            f"{hashes['phrases']:,} short texts, {hashes['names']:,} names, "
            f"{hashes['files']:,} files."
        )

    def _say_where(self, report: Report) -> None:
        width = max(len(place) for place in report.looked) + 2
        for place, units in report.looked.items():
            counts = ", ".join(f"{count:,} {unit}" for unit, count in units.items())
            self.stdout.write(f"  {place:<{width}}{counts}")
        for note in report.notes:
            self.stdout.write(f"  {note}")

    def _say_what_was_found(self, report: Report) -> None:
        for sure, title in ((True, "Found:"), (False, "A person should look at this:")):
            found = [(one, rows) for one, rows in report.found.items() if one.sure == sure]
            if found:
                self.stdout.write(title)
            for one, rows in found:
                whose = f" of {one.reference}" if one.reference else ""
                at = f" ({', '.join(rows)})" if rows else ""
                self.stdout.write(f"  {one.where}: {one.what}{whose}{at}")
        if not report.failed:
            self.stdout.write("Nothing of them was found.")
