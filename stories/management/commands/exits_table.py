"""Print the table of exits, or write it into docs/consent.md with --write."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand

from stories.consent.table import as_markdown

PAGE = Path(__file__).resolve().parents[3] / "docs" / "consent.md"
BEGIN, END = "<!-- exits: manage.py exits_table --write -->\n", "<!-- end of exits -->\n"


def with_table(text: str) -> str:
    """The page with the table of now between its two marks. Raises ValueError without marks."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError("The page has lost the marks between which the table stands.")
    return head + BEGIN + "\n" + as_markdown() + "\n" + END + tail


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args, **options) -> None:
        if options["write"]:
            PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            self.stdout.write(as_markdown())
