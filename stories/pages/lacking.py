"""Published recordings that somebody can't take in yet, for staff to put right."""

from __future__ import annotations

from django.db.models import F

from stories.contributions.models import Upload
from stories.contributions.spoken import hash_of
from stories.pages.models import StoryPage
from stories.pages.queries import StoryQuerySet


def without_captions() -> StoryQuerySet:
    """Recordings whose words may be read, and are written down nowhere."""
    recordings = StoryPage.objects.listed().exclude(version__asset_id=None)
    return recordings.filter(version__cues_sha256__in=["", hash_of([])]).with_exit("transcript")


def picture_not_looked_at() -> StoryQuerySet:
    """Films of which nobody has said yet whether the picture says what the sound doesn't."""
    films = StoryPage.objects.listed().exclude(version__face="").with_exit("picture")
    unseen = Upload.objects.filter(picture_checked=False, state=Upload.State.KEPT)
    # Both in one filter: they are about the same recording.
    return films.filter(
        contribution__uploads__asset_id=F("version__asset_id"), contribution__uploads__in=unseen
    )
