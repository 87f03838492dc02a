"""Rename: another name to show, or none. The old one goes at once; a moderator sees a new one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from search import api as search
from stories.consent.choices import said_by
from stories.consent.events import Receipt
from stories.consent.models import Statement
from stories.consent.reading import consents_of
from stories.consent.record import CONTRIBUTOR, Answer, By, give_receipt, record
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.pages.models import StoryPage
from stories.publishing.agree import version_to_agree
from stories.publishing.tasks import ring

NAME = "show_name"
NAMED = ("my_name", "chosen")


def rename(
    story: Contribution, statement: Statement, choice: str, name: str, *, by: By = CONTRIBUTOR
) -> Receipt:
    """`choice` is "my_name", "chosen" or "none"; `name` counts for the first two only.

    Before approval the name is only kept. Afterwards one that no moderator has seen waits in
    `private.asked_name` until approve_name() or refuse_name(). Raises ValueError for a choice
    that wants a name and has none, NotPossible when the story was taken back.
    """
    name = name.strip() if choice in NAMED else ""
    if choice in NAMED and not name:
        raise ValueError("a name is missing")
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        story.decide()
        record(story.contributor_key, Answer(statement, said_by(NAME, choice), choice), by=by)
        before = _version_to_rename(story)
        if before is None:
            story.keep(shown_name=name, asked_name="")
        elif not name or story.versions.filter(shown_name=name).exists():
            # Every name in a version was seen by a moderator, so it need not wait again.
            _freeze_with(story, before, name, choice if name else "")
            story.keep(shown_name=name, asked_name="")
        else:
            _freeze_with(story, before, "", "")
            story.keep(shown_name="", asked_name=name)
        ring(story.pk)
        return give_receipt(story.contributor_key, Receipt.Kind.CHANGED)


def approve_name(story: Contribution, moderator, name: str) -> None:
    """Show the name that was asked for. Raises NotPossible when it is not `name` any more."""
    with transaction.atomic():
        story = _asking_for(name, story)
        before = _version_to_rename(story)
        naming = consents_of(story.contributor_key).choices.get(NAME, "")
        if before is None or naming not in NAMED:
            raise NotPossible("no name is to be shown")
        story.decide()
        version = _freeze_with(story, before, name, naming, moderator)
        story.keep(asked_name="", shown_name=name)
        log(instance=story, action="stories.name", user=moderator, content_changed=False)
        if version.agreed_at is None:
            post(story, "look", about=str(version.number))
        else:
            post(story, "changed", about=f"name {version.number}")
        ring(story.pk)


def refuse_name(story: Contribution, moderator, name: str) -> None:
    """The story goes on without a name. Raises NotPossible when it is not `name` any more."""
    with transaction.atomic():
        story = _asking_for(name, story)
        story.decide()
        story.keep(asked_name="")
        log(instance=story, action="stories.no_name", user=moderator, content_changed=False)
        post(story, "changed", about=f"no name {story.epoch}")
        ring(story.pk)


def _asking_for(name: str, story: Contribution) -> Contribution:
    """The story, locked, if this is the name that a moderator has before them."""
    story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
    if not name or story.private.asked_name != name:
        raise NotPossible("another name was asked for, or none")
    return story


def _version_to_rename(story: Contribution) -> StoryVersion | None:
    """The one that waits for the contributor's yes, else the one in force; None before approval.

    In a story that is let out it is always the one in force: other words that wait for a yes are
    looked at again by a moderator.
    """
    try:
        waits = version_to_agree(story) if story.state == State.APPROVED else None
        return waits or version_of(story)
    except NothingFrozen:
        return None


def _freeze_with(
    story: Contribution, before: StoryVersion, name: str, naming: str, moderator=None
) -> StoryVersion:
    """The same with another name. What is in force is shown from this transaction on."""
    if (before.shown_name, before.naming) == (name, naming):
        return before
    frozen = {field: getattr(before, field) for field in FROZEN}
    version = StoryVersion.objects.create(
        **frozen
        | {
            "contribution": story,
            "number": story.versions.count() + 1,
            "shown_name": name,
            "naming": naming,
            "approved_by": moderator or before.approved_by,
            "agreed_at": timezone.now() if before.agreed_at else None,
        }
    )
    if version.agreed_at:
        StoryPage.objects.filter(contribution=story).update(version=version)
        # Up to the decision before this one: what this one wants may be put there again.
        search.hide(story.reference, story.epoch - 1)
    return version
