"""What a receipt adds when a story was taken back: the withdrawal ledger in words for people."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from stories.consent.events import Receipt
from stories.consent.receipts import Closed, Outside, receipt_data
from stories.contributions.models import Contribution
from stories.publishing.ledger import Closing, OutsideCopy
from stories.publishing.things import OTHER, WORDS, kind_of

WHO_ASKS = {
    OutsideCopy.State.TO_ASK: _("one of us will ask for it"),
    OutsideCopy.State.ASKED: _("one of us has asked, and follows it up"),
    OutsideCopy.State.GONE: _("one of us asked, and was told that it is gone"),
    OutsideCopy.State.OUT_OF_REACH: _("nobody can call it back"),
}


def closed_of(story: Contribution) -> list[Closed]:
    """By kinds: how many things there were, and whether and when all of them were gone."""
    kinds: dict[str, list[Closing]] = {}
    for closing in story.closings.all():
        kinds.setdefault(kind_of(closing), []).append(closing)
    order = [words for _, _, words in WORDS] + [OTHER]
    found = []
    for words, rows in sorted(kinds.items(), key=lambda each: order.index(each[0])):
        times = [row.done_at for row in rows if row.state == Closing.State.DONE and row.done_at]
        done = len(times) == len(rows)
        found.append(Closed(words, len(rows), done, max(times) if done else None))
    return found


def outside_of(story: Contribution) -> list[Outside]:
    """Copies that others may hold: who has it, and how far asking for it has come."""
    return [
        Outside(
            what=copy.get_kind_display(),
            holder=copy.holder,
            state=copy.state,
            state_label=copy.get_state_display(),
            who_asks=str(WHO_ASKS[OutsideCopy.State(copy.state)]),
            when=copy.changed_at,
        )
        for copy in story.outside_copies.all()
    ]


def ledger_for(receipt: Receipt, story: Contribution) -> dict[str, Any]:
    """`closed` and `outside` for the receipt of a withdrawal; for any other receipt nothing."""
    if receipt.kind != Receipt.Kind.WITHDRAWN:
        return {}
    return {"closed": closed_of(story), "outside": outside_of(story)}


def data_of(receipt: Receipt, story: Contribution) -> str:
    """A receipt of the contributor's as the text of a JSON-LD file."""
    data = receipt_data(receipt, **ledger_for(receipt, story))
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
