"""Discard: a draft that was never sent goes, with all that belongs to it."""

from __future__ import annotations

from django.db import transaction

from media_pipeline import api as media
from stories.contributions import keys
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State


def discard(draft: Contribution) -> None:
    """Files, words, key and row. Raises NotPossible once it was sent: then it is taken back.

    The row holds until its files are gone: whoever is killed in between leaves a draft that the
    next sweep finds, and no file that nobody knows of.
    """
    assets = list(draft.uploads.values_list("asset_id", flat=True))
    with transaction.atomic():
        deleted, _ = Contribution.objects.filter(pk=draft.pk, state=State.DRAFT).delete()
        if not deleted:
            raise NotPossible("it has been sent")
        for asset in assets:
            media.erase(asset)
        media.incoming.end_all(draft.contributor_key)
        media.erase_all(draft.contributor_key)
    keys.destroy(draft.contributor_key)
