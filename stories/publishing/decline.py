"""Decline: say no with a reason, kindly, and keep the story the contributor's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.letters.post import post

# VOCABULARY.md, moderation outcomes: a word for the record, and the sentence a contributor reads.
REASONS = {
    "someone-else": _("it tells somebody else's story, and we can't know that they agree"),
    "selling": _("it offers something for sale"),
    "treatment": _("it tells other people to start or stop a treatment"),
    "hateful": _("some of it could hurt or exclude other people"),
    "copyright": _("part of it belongs to somebody else, such as music or a film"),
    "out-of-scope": _("it isn't about mental health and recovery"),
    "duplicate": _("we already have this story from you"),
    "other": _("it doesn't fit what we can put on the site"),
}


def decline(story: Contribution, moderator, reason: str, letter: str) -> None:
    """Record the reason and seal the moderator's own words to the contributor.

    Raises KeyError for an unknown reason, NotPossible when someone else has decided.
    """
    if reason not in REASONS:
        raise KeyError(reason)
    with transaction.atomic():
        story.move(State.DECLINED, decline_reason=reason)
        story.keep(reply=letter)
        post(story, "declined", about=str(story.epoch))
        log(instance=story, action="stories.decline", user=moderator, content_changed=False)
