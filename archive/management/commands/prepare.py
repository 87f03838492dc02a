"""Make what the engines need before the site can serve: the buckets, and the search index.

Safe to run at every deployment: what is there stays as it is.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from archive.parts import problems
from media_pipeline import api as media
from search import api as search


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for part, make in {"buckets": media.prepare, "index": search.prepare}.items():
            try:
                make()
            except Exception as error:
                said = problems([part]).get(part) or f"{part}: {type(error).__name__}"
                raise CommandError(said) from error
