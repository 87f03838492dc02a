"""Say what on the site has grown old or come loose: services to check again, links that broke.

Says nothing and ends with 0 when all is well, else with 1, so that cron can mail it. With --look
it looks at every address outside first, due or not; it takes about a second for each.
"""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from archive.directory.links import OutsideLink, gather
from archive.directory.looking import check
from archive.housekeeping import Report


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--look", action="store_true", help="Look at all links outside now.")

    def handle(self, *args, **options) -> None:
        gather()
        if options["look"]:
            OutsideLink.objects.update(due_at=timezone.now())
            for link in OutsideLink.objects.all():
                if link.claim():
                    check(link)
        said = Report.now().sentences()
        for sentence in said:
            self.stdout.write(sentence)
        if said:
            sys.exit(1)
