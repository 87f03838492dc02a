"""Look at everything that the site stands on, and say what is wrong and what to do.

Says nothing when all is well; exits with 1 when something is not. What works, and could be
better, is said too.
"""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError

from archive.parts import PARTS, notices, problems


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("parts", nargs="*", help=f"only these, of {', '.join(PARTS)}")

    def handle(self, *args, **options) -> None:
        if unknown := set(options["parts"]) - PARTS.keys():
            raise CommandError(f"There is no part called {', '.join(sorted(unknown))}.")
        found = problems(options["parts"] or PARTS)
        for part, problem in found.items():
            self.stderr.write(f"{part}: {problem}")
        for part, notice in notices(set(options["parts"] or PARTS) - found.keys()).items():
            self.stderr.write(f"{part}: {notice}")
        if found:
            sys.exit(1)
