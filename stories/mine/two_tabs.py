"""Answers from a page that was open while something changed: a yes is asked again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.events import EventState, Receipt

# What can be answered, and the states in which a record says just that already.
ANSWERS = {
    "yes": (EventState.GIVEN, EventState.RENEWED),
    "no": (EventState.REFUSED, EventState.WITHDRAWN),
    "later": (EventState.DEFERRED,),
}
MISSING = _("Please answer Yes, No or Not sure yet. Not sure yet counts as no until you say so.")
CHOOSE = _("Please choose one.")
NEW_WORDS = _(
    "We have changed the words of this question since you opened it. "
    "Nothing was changed for you. Please read it once more."
)


class Refused(Exception):
    """What was posted is not carried out; the text says why, `status` is the HTTP status."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


def changed(said: str) -> str:
    """`said`: how it stands now, such as "No"."""
    return gettext(
        "You changed this in another window. It says “%(said)s” now. If you want "
        "something else, please answer once more."
    ) % {"said": said}


def onward(receipt: Receipt | None) -> HttpResponse:
    """To the receipt of what was changed; home, where nothing was."""
    return redirect("my_story_receipt", receipt.pk) if receipt else redirect("my_story")
