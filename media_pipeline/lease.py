"""Who may work on a job, and for how long. One conditional UPDATE decides each time."""

from __future__ import annotations

import datetime
import logging
import threading
import time
import uuid

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from media_pipeline.models import MediaJob
from media_pipeline.work import Work

log = logging.getLogger(__name__)
State = MediaJob.State


def claimable() -> Q:
    """Jobs that someone may take: ready and due, or held by a worker that is gone."""
    now = timezone.now()
    return Q(state=State.READY, not_before__lte=now) | Q(state=State.RUNNING, lease_expires__lt=now)


def claim(job: MediaJob) -> uuid.UUID | None:
    """Take the job if it is still free; the token of the lease, or None if another was first."""
    token, now = uuid.uuid4(), timezone.now()
    taken = MediaJob.objects.filter(claimable(), pk=job.pk).update(
        state=State.RUNNING,
        lease_token=token,
        lease_expires=_expiry(),
        started=now,
        progress=0,
        attempt=F("attempt") + 1,
    )
    return token if taken else None


class Heartbeat:
    """Renews a lease and writes progress down, in a thread with a connection of its own.

    Sets `work.stop` when the lease is another's, the job is gone (erased), or the database has
    been out of reach for as long as the lease lasts.
    """

    def __init__(self, job: MediaJob, token: uuid.UUID, work: Work):
        self.mine = MediaJob.objects.filter(pk=job.pk, lease_token=token, state=State.RUNNING)
        self.work = work
        self.every = min(settings.MEDIA_LEASE_SECONDS / 3, 2.0)  # 2: so that erasure is felt soon
        self.finished = threading.Event()
        self.thread = threading.Thread(target=self._beat, name="media-heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.finished.set()
        self.thread.join()

    def _beat(self) -> None:
        renewed = time.monotonic()
        try:
            while not self.finished.wait(self.every):
                try:
                    held = self.mine.update(lease_expires=_expiry(), progress=self.work.done)
                    renewed = time.monotonic()
                except DatabaseError as error:  # such as "database is locked"
                    log.warning("A heartbeat was missed: %s", type(error).__name__)
                    connection.close()
                    held = time.monotonic() - renewed < settings.MEDIA_LEASE_SECONDS
                if not held:
                    self.work.stop.set()
                    return
        finally:
            connection.close()


def _expiry() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=settings.MEDIA_LEASE_SECONDS)
