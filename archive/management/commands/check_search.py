"""Compare what search holds with the stories that may be found, and name each difference.

Exits with 1 when there is any. Stories are named by their reference, and none of their words.
"""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import api as search
from stories.publishing import index_check


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--engine", choices=search.engines(), help="this one, in force or not yet"
        )

    def handle(self, *args, **options) -> None:
        engine = options["engine"] or settings.SEARCH_ENGINE
        if number := index_check.at_work():
            stories = "1 story waits" if number == 1 else f"{number} stories wait"
            self.stdout.write(f"{stories} for a worker, and may differ until it has been there.")
        found = 0
        try:
            for reference, difference in index_check.differences(engine):
                found += 1
                which = f" (version {difference.version})" if difference.version else ""
                self.stdout.write(f"{reference} {difference.problem}{which}.")
        except search.SearchAway as away:
            raise CommandError(str(away)) from None
        if found:
            differ = "1 story differs" if found == 1 else f"{found} stories differ"
            option = "" if engine == settings.SEARCH_ENGINE else f" --engine {engine}"
            raise CommandError(f"{differ}. Run manage.py rebuild_search --anew{option}")
        self.stdout.write(f"{engine} holds every story that may be found, and no other.")
