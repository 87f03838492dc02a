"""Originals from before originals were sealed lie in plain: sealing them, one at a time.

The sealed copy is written beside the plain one and read back; then one transaction makes it the
original, and the plain one goes. Whoever is killed on the way leaves an original that can be read,
and what the next call tidies.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from media_pipeline import sealing, storage
from media_pipeline.errors import Damaged
from media_pipeline.incoming.models import IncomingFile
from media_pipeline.models import MediaAsset, MediaJob
from media_pipeline.removal import ABANDONED

KINDS = ("original", "disguised")


def in_plain() -> list[UUID]:
    """Recordings that nothing is sealed for, the oldest first."""
    rows = MediaAsset.objects.filter(sealed_for=None).order_by("created")
    return list(rows.values_list("pk", flat=True))


def seal_late(asset_id: UUID, owner: UUID) -> bool:
    """Seal under `owner`'s key what lies there in plain; what is made later is sealed too.

    False, and nothing changed, where a worker is at it just now, or it is sealed or gone. Raises
    KeyGone, Damaged where it is not what was sent, and OSError where a store is away or full:
    then it lies there as before.
    """
    _tidy(asset_id)
    asset = MediaAsset.objects.filter(pk=asset_id, sealed_for=None).first()
    if asset is None or _in_work(asset_id):
        return False
    plain = {kind: getattr(asset, kind) for kind in KINDS}
    secret = sealing.key_of(owner)
    sealed = dict.fromkeys(KINDS, "")
    try:
        for kind in filter(plain.get, KINDS):
            known = asset.sha256 if kind == "original" else ""
            sealed[kind] = _copy(asset_id, plain[kind], secret, known)
        done = _swap(asset_id, plain, sealed, owner)
    except BaseException:
        storage.delete(storage.originals(), *filter(None, sealed.values()))
        raise
    gone = plain if done else sealed
    storage.delete(storage.originals(), *filter(None, gone.values()))
    return done


def _tidy(asset_id: UUID) -> int:
    """Delete what lies among a recording's originals and its row doesn't name; how much it was.

    Nothing, while a worker is at it: it may be about to be named.
    """
    there = storage.listing(storage.originals(), asset_id)  # first: what comes later is left alone
    asset = MediaAsset.objects.filter(pk=asset_id).first()
    if asset is None or _in_work(asset_id):
        return 0
    unknown = set(there) - {asset.original, asset.disguised}
    if unknown:
        storage.delete(storage.originals(), *unknown)
    return len(unknown)


def sweep_originals(age: datetime.timedelta = ABANDONED) -> int:
    """Look through all originals, and delete what no row names; how much it was.

    Of recordings that no row knows of only what is so old: whoever died while a file was renamed
    into its place once left such. Today a mark in incoming tells of them, for
    removal.sweep_incoming, which need not look through everything.
    """
    now, count = timezone.now(), 0
    old = storage.left_behind(storage.originals(), now - age)
    for asset_id in storage.left_behind(storage.originals(), now):
        if MediaAsset.objects.filter(pk=asset_id).exists():
            count += _tidy(asset_id)
        elif asset_id in old and not IncomingFile.objects.filter(asset=asset_id).exists():
            count += len(storage.listing(storage.originals(), asset_id))
            storage.wipe(storage.originals(), asset_id)
    return count


def _in_work(asset_id: UUID) -> bool:
    return MediaJob.objects.filter(asset_id=asset_id, state=MediaJob.State.RUNNING).exists()


def _copy(asset_id: UUID, name: str, secret: bytes, known: str) -> str:
    """The name of a sealed copy, which was read back. `known` is the hash that it has to have."""
    before, after = hashlib.sha256(), hashlib.sha256()
    store = storage.originals()
    with storage.read(store, name) as file:
        pieces = _told(sealing.pieces_of(file), before)
        copy = storage.put(store, asset_id, sealing.seal(pieces, secret, asset_id))
    try:
        if known and before.hexdigest() != known:
            raise Damaged
        with storage.read(store, copy) as file:
            for piece in sealing.unseal(file, secret, asset_id):
                after.update(piece)
        if after.digest() != before.digest():
            raise Damaged
    except BaseException:
        storage.delete(store, copy)
        raise
    return copy


def _told(pieces: Iterable[bytes], digest) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _swap(asset_id: UUID, plain: dict[str, str], sealed: dict[str, str], owner: UUID) -> bool:
    """Make the sealed ones the original, unless anything happened meanwhile. No job is claimed
    while this looks: a worker that is at it may have swept what no row names yet."""
    with transaction.atomic():
        jobs = MediaJob.objects.select_for_update().filter(asset_id=asset_id)
        if any(job.state == MediaJob.State.RUNNING for job in jobs):
            return False
        there = storage.listing(storage.originals(), asset_id)
        if not {name for name in sealed.values() if name} <= set(there):
            return False
        same = MediaAsset.objects.filter(Q(**plain), pk=asset_id, sealed_for=None)
        return bool(same.update(**sealed, sealed_for=owner))
