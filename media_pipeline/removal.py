"""Erasing a recording, and looking for what might still be there."""

from __future__ import annotations

from uuid import UUID

from media_pipeline import storage
from media_pipeline.models import MediaAsset, MediaJob, Rendition, TranscriptCue


def erase(asset_id: UUID) -> None:
    """Delete every row and file of an asset. Safe to call again, also when cut short.

    Revoking the lease is what stops a worker: its next heartbeat finds no row and it kills
    ffmpeg. Rows go last, so that an erasure that was cut short still knows what to do.
    """
    MediaJob.objects.filter(asset_id=asset_id).update(
        state=MediaJob.State.CANCELLED, lease_token=None, lease_expires=None
    )
    for store in (storage.originals(), storage.renditions()):
        storage.wipe(store, asset_id)
    storage.sweep_scratch(asset_id)
    MediaAsset.objects.filter(pk=asset_id).delete()  # and all that belongs to it


def remnants(asset_id: UUID) -> list[str]:
    """What is still there of an asset, each as "where: what"; empty when it is gone."""
    found = [
        f"{model._meta.model_name}: {count}"
        for model, field in (
            (MediaAsset, "pk"),
            (Rendition, "asset_id"),
            (MediaJob, "asset_id"),
            (TranscriptCue, "asset_id"),
        )
        if (count := model._default_manager.filter(**{field: asset_id}).count())
    ]
    for label, store in (("originals", storage.originals()), ("renditions", storage.renditions())):
        found += [f"{label}: {name}" for name in storage.listing(store, asset_id)]
    folder = storage.scratch(asset_id)
    if folder.exists():
        found += [f"work: {path.relative_to(folder.parent)}" for path in folder.rglob("*")] or [
            f"work: {folder.name}"
        ]
    return found
