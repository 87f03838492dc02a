"""Hand every story that may be found to search again: after its index was lost, or has changed.

The site goes on meanwhile. With a search server all is found in the old index until the new one is
whole. May be stopped and started again.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.versions import NothingFrozen
from stories.pages.models import StoryPage
from stories.publishing.documents import document_of


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        try:
            written = search.rebuild(self.documents())
        except search.SearchAway as away:
            raise CommandError(f"{away} What could be found before can be found still.") from None
        self.stdout.write(f"{written} stories can be found.")

    def documents(self) -> Iterator[tuple[search.Document, int]]:
        """Each with the decision that it comes from: one that is overtaken is refused."""
        listed = StoryPage.objects.listed().order_by("pk")
        ids = list(listed.values_list("contribution_id", flat=True))
        for number, pk in enumerate(ids, start=1):
            story = Contribution.objects.filter(pk=pk).first()
            if story is None:
                continue
            try:
                document = document_of(story)
            except NothingFrozen:
                continue  # destroyed a moment ago
            yield document, story.epoch
            self.show(number, len(ids))

    def show(self, number: int, of: int) -> None:
        """A line that counts on; on paper, one for every hundred."""
        if self.stdout.isatty():
            self.stdout.write(f"\r  {number} of {of}", ending="\n" if number == of else "")
            self.stdout.flush()
        elif number % 100 == 0:
            self.stdout.write(f"  {number} of {of}")
