"""All work at a glance, for staff; and the two things that staff can do about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from media_pipeline import jobs
from media_pipeline.errors import OriginalDropped
from media_pipeline.jobs import ENDED, Progress
from media_pipeline.models import MediaAsset, MediaJob
from media_pipeline.stages import READ_THE_ORIGINAL, STAGES

State = MediaJob.State
STOPPED = _("It was stopped by somebody at the desk.")


@dataclass(frozen=True)
class StageNow:
    """One stage of one recording. `why` and `log` are for staff; `log` is the end of ffmpeg's.

    `state` is a MediaJob.State; `again` is when it is tried again, None unless it waits for that.
    """

    name: str
    label: str
    state: str
    percent: int
    attempt: int
    started: datetime.datetime | None
    again: datetime.datetime | None
    why: str
    log: str


@dataclass(frozen=True)
class WorkNow:
    """A recording and how far its stages are."""

    asset_id: UUID
    progress: Progress
    stages: list[StageNow]


def _with_jobs(*states: str) -> QuerySet[MediaAsset]:
    found = MediaJob.objects.filter(asset=OuterRef("pk"), state__in=states)
    return MediaAsset.objects.filter(Exists(found)).order_by("created")


def in_trouble() -> list[UUID]:
    """Recordings whose work has ended badly, the oldest first: nothing happens without somebody."""
    return list(_with_jobs(*ENDED).values_list("pk", flat=True))


def at_work() -> list[UUID]:
    """Recordings with work to do and nothing wrong, the oldest first."""
    busy = _with_jobs(State.READY, State.RUNNING).exclude(pk__in=_with_jobs(*ENDED).values("pk"))
    return list(busy.values_list("pk", flat=True))


def look(asset: MediaAsset) -> WorkNow:
    return WorkNow(asset.pk, jobs.progress(asset), [_stage(job) for job in asset.jobs.all()])


def _stage(job: MediaJob) -> StageNow:
    why, _, log = job.log_tail.partition("\n")
    waits = job.state == State.READY and job.not_before > timezone.now()
    return StageNow(
        name=job.stage,
        label=gettext(STAGES[job.stage].label),
        state=job.state,
        percent=100 if job.state == State.DONE else int(100 * job.progress),
        attempt=job.attempt,
        started=job.started,
        again=job.not_before if waits else None,
        why="" if job.state == State.DONE else why or jobs.in_words(job.problem),
        log="" if job.state == State.DONE else log,
    )


def retry(asset: MediaAsset) -> bool:
    """Give what ended badly all its attempts again. False when there was nothing like that.

    Raises OriginalDropped when it would have to be made from an original that is gone.
    """
    with transaction.atomic():
        ended = asset.jobs.select_for_update(no_key=True).filter(state__in=ENDED)
        stages = set(ended.values_list("stage", flat=True))
        if not asset.original and stages & set(READ_THE_ORIGINAL):
            raise OriginalDropped(
                gettext("It can't be prepared again: the original is not kept any more.")
            )
        ended.update(
            state=State.READY,
            attempt=0,
            not_before=timezone.now(),
            progress=0,
            problem="",
            log_tail="",
        )
        jobs.ring(asset.pk)
    return bool(stages)


def stop(asset: MediaAsset) -> bool:
    """End the work that is under way or next; retry() takes it up again. False when none was.

    The worker feels it with its next heartbeat (2 seconds) and ends ffmpeg, by force 3 seconds
    later.
    """
    with transaction.atomic():
        waiting = asset.jobs.select_for_update(no_key=True)
        job = waiting.filter(state__in=[State.READY, State.RUNNING]).first()
        if job is None or waiting.filter(state__in=ENDED).exists():
            return False
        asset.jobs.filter(pk=job.pk).update(
            state=State.DEAD,
            problem=STOPPED,
            log_tail=STOPPED,
            lease_token=None,
            lease_expires=None,
            progress=0,
        )
    return True
