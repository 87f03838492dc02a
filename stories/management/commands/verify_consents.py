"""Check that consent records and statements are as they were written, and name what is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stories import journal
from stories.consent import chain, triggers
from stories.consent.events import ConsentEvent
from stories.consent.models import Statement


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        for line in what_is_looked_at():
            self.stdout.write(line)
        wrong = [f"The trigger {name} is missing or switched off." for name in triggers.missing()]
        wrong += chain.problems()
        for sentence in wrong:
            self.stdout.write(self.style.ERROR(sentence))
        if wrong:
            things = "1 thing is" if len(wrong) == 1 else f"{len(wrong)} things are"
            raise CommandError(f"{things} not as it should be. docs/records.md says what to do.")
        self.stdout.write("All is as it was written.")


def what_is_looked_at() -> Iterator[str]:
    numbers = ConsentEvent.objects.order_by("-number").values_list("number", flat=True)
    yield (
        f"{numbers.count()} consent records, the newest with the number {numbers.first() or 0}; "
        f"{Statement.objects.count()} statements."
    )
    lines, restored = 0, ""
    try:
        for entry in journal.read():
            lines += 1
            if entry.get("kind") == "restored":
                when = timezone.localtime(datetime.fromisoformat(entry["time"]))
                restored = f"{when:%d %B %Y at %H:%M}, to record {entry['event']}"
    except journal.JournalChanged:
        yield f"{lines} lines of the journal, and no further: see below."
    else:
        yield f"{lines} lines of the journal."
    yield f"A backup was last restored on {restored}." if restored else "No backup was restored."
    yield "Triggers: " + ", ".join(triggers.wanted()) + "."
