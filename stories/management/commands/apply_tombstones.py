"""After a backup was restored: decide again whatever the journal says was decided after it."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from stories import journal
from stories.publishing.restore import decide_again


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        try:
            again = decide_again()
        except journal.JournalChanged as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Of {again.taken_back} stories that were taken back, {again.withdrawn} had come back "
            f"and are hidden again; {again.paused} rest again, and {again.consents} consents that "
            "had been taken back are ended again. The worker destroys what has to go now."
        )
