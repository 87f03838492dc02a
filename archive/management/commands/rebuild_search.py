"""Hand every story that may be found to search again: after its index was lost, or has changed.

The site goes on meanwhile. With a search server all is found in the old index until the new one is
whole. Stopped half-way, by Ctrl-C or worse, the next run goes on where it was.

To move to another engine without a gap: rebuild it with --engine while the old one is in force,
put it in force (SEARCH_ENGINE), then --let-go of the old one. Between the first and the last of
these every change reaches both.
"""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from archive.progress import shown
from search import api as search
from stories.pages.models import StoryPage
from stories.publishing import index_check


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        engines = search.engines()
        parser.add_argument("--engine", choices=engines, help="this one, in force or not yet")
        parser.add_argument("--anew", action="store_true", help="don't go on with a stopped run")
        parser.add_argument(
            "--let-go",
            choices=engines,
            help="only take every word out of this one, which is in force no longer",
        )

    def handle(self, *args, **options) -> None:
        try:
            if options["let_go"]:
                self.let_go(options["let_go"])
            else:
                self.rebuild(options["engine"] or settings.SEARCH_ENGINE, options["anew"])
        except search.SearchAway as away:
            raise CommandError(f"{away} What could be found before can be found still.") from None

    def rebuild(self, engine: str, anew: bool) -> None:
        after = "" if anew else search.stopped_after(engine)
        listed = StoryPage.objects.listed().order_by()
        total = listed.count()
        done = listed.filter(contribution__reference__lte=after).count() if after else 0
        if done:
            self.stdout.write(f"Goes on where it was stopped, after {done} of {total}.")
        stories = shown(index_check.everything(after), total, self.stdout.write, done=done)
        written = search.rebuild(stories, engine=engine, after=after)
        for reference in index_check.strays(engine):
            index_check.take_out(reference)
            self.stdout.write(f"{reference} may not be found, and was taken out.")
        if engine == settings.SEARCH_ENGINE:
            self.stdout.write(f"{done + written} stories can be found.")
        else:
            self.stdout.write(
                f"{done + written} stories are in {engine}, and every change reaches it from now "
                f"on. Put it in force with SEARCH_ENGINE={engine}, or let go of it again with "
                f"manage.py rebuild_search --let-go {engine}"
            )

    def let_go(self, engine: str) -> None:
        try:
            search.let_go(engine)
        except ValueError:
            raise CommandError(f"{engine} is in force: put another in force first.") from None
        self.stdout.write(f"{engine} holds no words any more.")
        if not search.scrub():
            self.stdout.write("Files hold some of them until manage.py tick has run.")
