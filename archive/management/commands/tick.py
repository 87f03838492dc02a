"""Run all timed work once: late work, waiting publications, retention."""

from django.core.management.base import BaseCommand

from archive.timed import tick


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for what, number in tick().items():
            if number:
                self.stdout.write(f"{number} {what}")
