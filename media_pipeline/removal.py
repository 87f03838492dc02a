"""Erasing a recording or its original, and looking for what might still be there."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models import Q
from django.utils import timezone

from media_pipeline import storage, transcriber
from media_pipeline.errors import StoreFailed
from media_pipeline.incoming.models import IncomingFile
from media_pipeline.models import MediaAsset, MediaJob, Rendition, TranscriptCue
from media_pipeline.stages import STAGES, reading_the_original

ABANDONED = datetime.timedelta(days=1)  # no upload takes longer to be looked at
State = MediaJob.State


def erase(asset_id: UUID) -> None:
    """Delete every row and file of an asset. Safe to call again, also when cut short.

    Revoking the lease is what stops a worker: its next heartbeat finds no row and it kills
    ffmpeg. Rows go last, so that an erasure that was cut short still knows what to do.
    """
    MediaJob.objects.filter(asset_id=asset_id).update(
        state=MediaJob.State.CANCELLED, lease_token=None, lease_expires=None
    )
    for store in _stores().values():
        storage.wipe(store, asset_id)
    storage.sweep_scratch(asset_id)
    MediaAsset.objects.filter(pk=asset_id).delete()  # and all that belongs to it


def erase_all(owner: UUID) -> None:
    """Erase all that is sealed for an owner, also what nobody was told of: who was killed right
    after a recording was kept has left one such. Raises OSError."""
    for asset_id in MediaAsset.objects.filter(sealed_for=owner).values_list("pk", flat=True):
        erase(asset_id)


def drop_original(asset_id: UUID) -> bool:
    """Delete the recording as it was sent, and leave what was made from it. True when it went now.

    What was disguised on the way goes with it. False, and nothing done, for an unknown recording,
    one without either, and one that is not prepared yet, or is about to be heard. Nobody's wish to
    see it gone waits for a speech model that is not installed: words that are written down later
    are heard in what others hear. The row goes last, so that a second call finishes what was cut
    short.
    """
    there = ~Q(original="") | ~Q(disguised="")
    asset = MediaAsset.objects.filter(there, pk=asset_id).first()
    if asset is None:
        return False
    stages = reading_the_original(asset)
    if asset.jobs.filter(stage__in=stages, state=State.DONE).count() < len(stages):
        return False
    heard_next = asset.jobs.filter(stage="transcribe", state__in=[State.READY, State.RUNNING])
    if transcriber.available() and heard_next.exists():
        return False
    for store in (storage.originals(), storage.incoming()):
        storage.wipe(store, asset_id)
    return bool(MediaAsset.objects.filter(pk=asset_id).update(original="", disguised=""))


def with_original(asset_ids: Collection[UUID]) -> set[UUID]:
    """Those of these recordings that are still kept as they were sent."""
    kept = MediaAsset.objects.filter(pk__in=asset_ids).exclude(original="")
    return set(kept.values_list("pk", flat=True))


def to_drop(asset_ids: Collection[UUID]) -> set[UUID]:
    """Those for which drop_original() has something to do, or will have once they are prepared."""
    kept = MediaAsset.objects.filter(~Q(original="") | ~Q(disguised=""), pk__in=asset_ids)
    return set(kept.values_list("pk", flat=True))


def needs_original(asset: MediaAsset) -> bool:
    """Whether a stage that reads the original is not done as it would be done today."""
    done = {
        job.stage: (job.input_hash, job.profile_hash) for job in asset.jobs.filter(state=State.DONE)
    }
    return any(
        done.get(name) != (asset.sha256, STAGES[name].profile_hash(asset))
        for name in reading_the_original(asset)
    )


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
    try:
        for label, store in _stores().items():
            found += [f"{label}: {name}" for name in storage.listing(store, asset_id)]
            found += [f"{label}: an unfinished upload"] * storage.unfinished(store, asset_id)
    except StoreFailed:
        found.append("stores: not to be reached")  # what can't be looked at is not gone
    folder = storage.scratch(asset_id)
    if folder.exists():
        found += [f"work: {path.relative_to(folder.parent)}" for path in folder.rglob("*")] or [
            f"work: {folder.name}"
        ]
    return found


def sweep_incoming(age: datetime.timedelta = ABANDONED) -> int:
    """Delete uploads of people and processes that went away on the way; how many there were.

    What had reached the originals goes too, where no row tells whose it is.
    """
    before = timezone.now() - age
    left_behind = storage.left_behind(storage.incoming(), before)
    for coming in IncomingFile.objects.values_list("pk", "asset"):
        left_behind.difference_update(coming)  # those end by themselves, with what they become
    for asset_id in left_behind:
        if not MediaAsset.objects.filter(pk=asset_id).exists():
            storage.wipe(storage.originals(), asset_id)
        storage.wipe(storage.incoming(), asset_id)
    return storage.sweep_uploads(before) + len(left_behind)


def sweep_work() -> int:
    """Delete what workers that are gone left of their work; how many folders it was.

    A folder is named after the lease under which it was made. Whose lease ran out so long ago
    has noticed it by now, or is dead.
    """
    now = timezone.now()
    lease = datetime.timedelta(seconds=settings.MEDIA_LEASE_SECONDS)
    held = MediaJob.objects.filter(lease_token__isnull=False, lease_expires__gte=now - lease)
    return storage.sweep_work(
        keep={str(token) for token in held.values_list("lease_token", flat=True)},
        before=now - ABANDONED,
    )


def _stores() -> dict[str, Storage]:
    return {
        "originals": storage.originals(),
        "renditions": storage.renditions(),
        "incoming": storage.incoming(),
    }
