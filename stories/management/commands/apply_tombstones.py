"""After a backup was restored: take back again whatever the journal says was taken back."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from stories.contributions.models import Contribution, NotPossible
from stories.contributions.tombstones import read_journal
from stories.publishing.withdraw import withdraw


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        try:
            references = {entry["reference"] for entry in read_journal()}
        except ValueError as error:
            raise CommandError(str(error)) from error
        again = 0
        for story in Contribution.objects.filter(reference__in=references):
            try:
                withdraw(story)
                again += 1
            except NotPossible:
                continue  # the backup knew already
        self.stdout.write(
            f"{len(references)} stories were taken back; {again} had come back and are hidden "
            "again. The worker destroys them now."
        )
