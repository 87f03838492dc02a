"""The picture that stands there before a film begins: one of those that were made, by choice."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction

from media_pipeline import storage, wishes
from media_pipeline.models import Rendition
from media_pipeline.names import POSTERS

POSTER = "poster.jpg"


def choose_poster(asset_id: UUID, name: str) -> bool:
    """Make one of POSTERS the one that is shown. False, and nothing done, where it is already, or
    there is no such. Raises StoreFailed.

    Its hash is another one then: where the one before was approved, this one is not.
    """
    store = storage.renditions()
    with transaction.atomic():
        found = Rendition.objects.select_for_update(of=("self",)).select_related("asset")
        found = found.filter(asset_id=asset_id, name__in=(POSTER, *POSTERS))
        rows = {row.name: row for row in found}
        shown, wanted = rows.get(POSTER), rows.get(name) if name in POSTERS else None
        if shown is None or wanted is None or not wishes.meets(wanted, wanted.asset):
            return False
        if shown.sha256 == wanted.sha256:
            return False
        before, shown.stored = shown.stored, _copied(wanted)
        for field in ("bytes", "sha256", "width", "height", "voice", "face", "proven_clean"):
            setattr(shown, field, getattr(wanted, field))
        shown.released = False
        shown.save()
        transaction.on_commit(partial(storage.delete, store, before))
    return True


def _copied(row: Rendition) -> str:
    """Each row has a file of its own, so that none is deleted from under another."""
    store = storage.renditions()
    with tempfile.TemporaryDirectory() as folder, storage.read(store, row.stored) as file:
        path = Path(folder) / "copy"
        path.write_bytes(file.read())
        return storage.keep(store, row.asset_id, path, row.content_type)
