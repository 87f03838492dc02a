"""Django's own `migrate`, after a look at what the database is.

A newer version's database is refused before anything is written: old code would run on tables
whose promises it does not know.
"""

from __future__ import annotations

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from archive.parts import database


class Command(migrate.Command):
    def handle(self, *args, **options) -> None:
        if problem := database.unreachable() or database.newer():
            raise CommandError(problem)
        super().handle(*args, **options)
