"""Pause: off the site at once, kept as it is, until somebody lets it back."""

from __future__ import annotations

from django.db import transaction

from search import api as search
from stories import journal
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.publishing.tasks import ring


def pause(story: Contribution) -> None:
    """Also stops a story that is waiting to go out. Raises NotPossible when it is not out.

    Whoever presses stop while it goes out means stop: what counts is where it stands by now.
    `publish_after` stays, so that coming back does not cut the waiting short (publish.py).
    """
    with transaction.atomic():
        story.refresh_from_db(from_queryset=Contribution.objects.select_for_update(no_key=True))
        story.move(State.PAUSED)
        search.hide(story.reference, story.epoch)
        # A restored backup has to rest too.
        journal.append({"kind": "paused", "reference": story.reference, "epoch": story.epoch})
        ring(story.pk)


def last_pause(story: Contribution) -> int | None:
    """The epoch of the newest pause; the journal knows each of them."""
    last = None
    for entry in journal.read("paused"):
        if entry["reference"] == story.reference:
            last = entry["epoch"]
    return last
