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
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.pages.models import StoryPage
from stories.publishing.tasks import ring

NAME = "show_name"


def rename(
    story: Contribution, statement: Statement, choice: str, name: str, *, by: By = CONTRIBUTOR
) -> Receipt:
    """`choice` is "my_name", "chosen" or "none"; `name` is "" for none.

    Before approval the name is only kept. Afterwards it waits in `private.asked_name` until
    approve_name() or refuse_name(). Raises NotPossible when the story was taken back.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update().get(pk=story.pk)
        story.decide()
        record(story.contributor_key, Answer(statement, said_by(NAME, choice), choice), by=by)
        if _show_version(story, "", ""):
            story.keep(asked_name=name, shown_name="")
        else:
            story.keep(shown_name=name)
        ring(story.pk)
        return give_receipt(story.contributor_key, Receipt.Kind.CHANGED)


def approve_name(story: Contribution, moderator) -> None:
    """Show the name that was asked for. Raises NotPossible when none is."""
    with transaction.atomic():
        story = Contribution.objects.select_for_update().get(pk=story.pk)
        name = story.private.asked_name
        if not name:
            raise NotPossible("no name was asked for")
        story.decide()
        naming = consents_of(story.contributor_key).choices.get(NAME, "")
        _show_version(story, name, naming, moderator)
        story.keep(asked_name="", shown_name=name)
        log(instance=story, action="stories.name", user=moderator, content_changed=False)
        ring(story.pk)


def refuse_name(story: Contribution, moderator) -> None:
    """The story goes on without a name. Raises NotPossible when none was asked for."""
    with transaction.atomic():
        story = Contribution.objects.select_for_update().get(pk=story.pk)
        if not story.private.asked_name:
            raise NotPossible("no name was asked for")
        story.decide()
        story.keep(asked_name="")
        log(instance=story, action="stories.no_name", user=moderator, content_changed=False)


def _show_version(story: Contribution, name: str, naming: str, moderator=None) -> bool:
    """Freeze the version in force with another name, and show it from this transaction on."""
    try:
        before = version_of(story)
    except NothingFrozen:
        return False
    frozen = {field: getattr(before, field) for field in FROZEN}
    version = StoryVersion.objects.create(
        **frozen
        | {
            "contribution": story,
            "number": story.versions.count() + 1,
            "shown_name": name,
            "naming": naming,
            "approved_by": moderator or before.approved_by,
            "agreed_at": timezone.now(),
        }
    )
    StoryPage.objects.filter(contribution=story).update(version=version)
    search.hide(story.reference, story.epoch)
    return True
