"""Everything that a new or a changed installation needs before it serves, in its order.

migrate, prepare, set_up_site, collectstatic, check_parts. Stops at the first that fails, and says
why. Safe to run at every start.
"""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand

from archive.demo.sign_ins import make_sign_ins


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--sign-ins",
            type=Path,
            help="make a moderator and an administrator once; their passwords go into this file",
        )

    def handle(self, *args, **options) -> None:
        quiet = {"verbosity": 0}
        call_command("check_parts", "disk")
        call_command("migrate", interactive=False, **quiet)
        call_command("prepare", **quiet)
        call_command("set_up_site", **quiet)
        call_command("collectstatic", interactive=False, **quiet)
        call_command("check_parts")
        if options["sign_ins"]:
            make_sign_ins(options["sign_ins"])
