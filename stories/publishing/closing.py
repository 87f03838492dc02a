"""What has to be closed when a story is taken back, written down before anything is closed."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from stories.contributions.allowed import consents_for
from stories.contributions.models import Contribution
from stories.publishing.ledger import Closing, OutsideCopy
from stories.publishing.steps import STEPS, Step

Kind, State = OutsideCopy.Kind, OutsideCopy.State
# Who keeps copies of what a purpose let out, and what they can be asked.
HOLDERS = {
    "external_search_engines": (
        (Kind.SEARCH_CACHE, "Google, Bing and others", State.TO_ASK),
        (Kind.WEB_ARCHIVE, "web archives", State.TO_ASK),
    ),
    "podcast_syndication": ((Kind.PODCAST, "podcast apps", State.OUT_OF_REACH),),
    "social_media": ((Kind.SHARED, "social media", State.OUT_OF_REACH),),
}


def list_what_to_close(story: Contribution, *, was_out: bool) -> None:
    """One row for each thing that the steps find, and one for each copy outside.

    Call it in the deciding transaction, while the consents in force can still be read.
    """
    for step in STEPS:
        for thing in step.remnants(story):
            Closing.objects.get_or_create(contribution=story, step=step.name, thing=thing)
    for export in story.exports.all():
        _outside(story, Kind.EXPORT, export.recipient, State.TO_ASK)
    if not was_out:
        return
    consents = consents_for(story)
    for purpose, holders in HOLDERS.items():
        for kind, holder, state in holders if purpose in consents.given else ():
            _outside(story, kind, holder, state)
    for partner in consents.recipients.get("partner_reuse", ()):
        _outside(story, Kind.PARTNER, partner, State.TO_ASK)


def _outside(story: Contribution, kind: str, holder: str, state: str) -> None:
    OutsideCopy.objects.get_or_create(
        contribution=story, kind=kind, holder=holder, defaults={"state": state}
    )


def tick_off(story: Contribution, step: Step, problem: str) -> None:
    """After a step closed: what its remnants no longer name is gone."""
    rows = Closing.objects.filter(contribution=story, step=step.name).exclude(
        state=Closing.State.DONE
    )
    if not rows.exists():
        return
    left = set(step.remnants(story))
    rows.update(attempts=F("attempts") + 1, problem=problem)
    rows.exclude(thing__in=left).update(
        state=Closing.State.DONE, done_at=timezone.now(), problem=""
    )
    rows.filter(thing__in=left).update(
        state=Closing.State.FAILED if problem else Closing.State.OPEN
    )
