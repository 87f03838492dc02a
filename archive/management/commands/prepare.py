"""Make what the engines need before the site can serve: the buckets, and the search index.

Safe to run at every deployment: what is there stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError

from archive.parts import problems
from media_pipeline import api as media
from search import api as search
from stories.pages.models import StoryPage


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        self.make("buckets", media.prepare)
        index_is_new = self.make("index", search.prepare)
        if index_is_new and StoryPage.objects.listed().exists():
            self.stdout.write(
                "The search index was missing, and is made anew: nothing can be found in it yet. "
                "Now run: manage.py rebuild_search"
            )

    def make(self, part: str, make: Callable[[], int]) -> bool:
        """Whether something of it was missing. Raises CommandError, with what to do."""
        try:
            return bool(make())
        except Exception as error:  # each engine has its own, and `problems` knows the words
            said = problems([part]).get(part) or f"{part}: {type(error).__name__}"
            raise CommandError(said) from error
