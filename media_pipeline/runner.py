"""Claim a stage, run it under a lease, record it, or try again later."""

from __future__ import annotations

import contextlib
import datetime
import logging
import shutil
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from media_pipeline import ffmpeg, originals, storage, transcriber, wishes
from media_pipeline.errors import Away, Damaged, KeyGone, LeaseLost, UnreadableMedia
from media_pipeline.lease import Heartbeat, claim, claimable
from media_pipeline.models import MediaAsset, MediaJob, Rendition
from media_pipeline.stages import STAGES
from media_pipeline.stages.clean import NotClean
from media_pipeline.troubles import reason
from media_pipeline.work import Made, Result, Work

log = logging.getLogger(__name__)
State = MediaJob.State
FIRST_PAUSE_SECONDS = 20  # doubled with each attempt
AWAY_PAUSE_SECONDS = 60
# Kept with the work in English, and translated for whoever reads them (jobs.in_words).
WENT_WRONG = _("Something went wrong on our side while we prepared your recording.")
AGAIN_SOON = _(
    "Something went wrong on our side while we prepared your recording. We will try again soon."
)
KILLED_EACH_TIME = _("Every worker that tried was killed: look for what memory it takes.")
NO_MODEL = _("The words cannot be written down yet: speech recognition is not set up here.")


def run_next(asset_id: uuid.UUID) -> bool:
    """Run the asset's next stage, if it is free. False when there is nothing to do now."""
    job = next_job(asset_id)
    if job is None or not MediaJob.objects.filter(claimable(), pk=job.pk).exists():
        return False
    if job.stage == "transcribe" and not transcriber.available():
        MediaJob.objects.filter(pk=job.pk).update(problem=NO_MODEL)
        return False
    token = claim(job)
    if token is None:
        return False
    job.refresh_from_db()
    if job.attempt > settings.MEDIA_MAX_ATTEMPTS:  # its worker died with it, every time
        log.error("A recording needs somebody: %s was given up", job.stage)
        _end(job, token, State.DEAD, WENT_WRONG, KILLED_EACH_TIME)
        return False
    return _run(job, token)


def next_job(asset_id: uuid.UUID) -> MediaJob | None:
    """The first stage that is not done; None when all are, or when one has ended for good."""
    for job in MediaJob.objects.filter(asset_id=asset_id).select_related("asset"):
        if job.state in {State.READY, State.RUNNING}:
            return job
        if job.state in {State.FAILED, State.DEAD}:
            return None
    return None


def _run(job: MediaJob, token: uuid.UUID) -> bool:
    work = Work(job.asset, storage.scratch(job.asset_id) / str(token))
    try:
        _sweep(job)
        work.folder.mkdir(parents=True, mode=0o700)
        with Heartbeat(job, token, work):
            result = STAGES[job.stage].run(work)
            if work.stop.is_set():
                raise LeaseLost
            _finish(job, token, work, result)
        return True
    except (LeaseLost, ffmpeg.Stopped):
        log.info("Work on a recording was taken away in %s", job.stage)
        return False
    except UnreadableMedia as error:
        _end(job, token, State.FAILED, error.sentence, error.detail)
    except (NotClean, Damaged, KeyGone) as error:
        _end(job, token, State.FAILED, WENT_WRONG, str(error))
    except Exception as error:
        log.warning("%s failed: %s", job.stage, type(error).__name__, exc_info=True)
        _try_again(job, token, error)
    finally:
        shutil.rmtree(work.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another lease may have begun there
            work.folder.parent.rmdir()
    return False


def _sweep(job: MediaJob) -> None:
    """What dead workers left: half-made files, and stored files that no row knows of."""
    storage.sweep_scratch(job.asset_id)
    known = set(job.asset.renditions.values_list("stored", flat=True))
    store = storage.renditions()
    storage.give_up(store, job.asset_id)
    stored = storage.listing(store, job.asset_id)
    storage.delete(store, *(name for name in stored if name not in known))
    if job.stage == "disguise":
        kept = {job.asset.original, job.asset.disguised}
        beside = storage.listing(storage.originals(), job.asset_id)
        storage.delete(storage.originals(), *(name for name in beside if name not in kept))


def _finish(job: MediaJob, token: uuid.UUID, work: Work, result: Result) -> None:
    """Promote what was made, and say so only if the lease is still ours. Else leave nothing."""
    rows: list[Rendition] = []
    before, disguised = job.asset.disguised, ""
    try:
        if result.disguised:
            disguised = originals.keep_beside(job.asset, result.disguised)
        for made in result.made:
            if work.stop.is_set():  # to a bucket it takes a while
                raise LeaseLost
            rows.append(_kept(job, made))
        with transaction.atomic():
            mine = MediaJob.objects.filter(pk=job.pk, lease_token=token, state=State.RUNNING)
            if not mine.update(
                state=State.DONE, progress=1, lease_token=None, lease_expires=None, problem=""
            ):
                raise LeaseLost
            earlier = job.asset.renditions.filter(name__in=[row.name for row in rows])
            replaced = [name for name in earlier.values_list("stored", flat=True) if name]
            earlier.delete()
            Rendition.objects.bulk_create(rows)
            if job.stage == "disguise":
                MediaAsset.objects.filter(pk=job.asset_id).update(disguised=disguised)
            if result.record:
                result.record()
    except BaseException:
        storage.delete(storage.renditions(), *(row.stored for row in rows if row.stored))
        storage.delete(storage.originals(), *filter(None, [disguised]))
        if not MediaJob.objects.filter(pk=job.pk).exists():  # erased meanwhile
            for store in (storage.renditions(), storage.originals()):
                storage.wipe(store, job.asset_id)
        raise
    storage.delete(storage.renditions(), *replaced)
    if job.stage == "disguise":
        storage.delete(storage.originals(), *filter(None, [before]))


def _kept(job: MediaJob, made: Made) -> Rendition:
    row = Rendition(asset_id=job.asset_id, name=made.name, content_type=made.content_type)
    row.seconds, row.width, row.height = made.seconds, made.width, made.height
    row.hls, row.proven_clean, row.text = made.hls, made.clean, made.text
    facts = wishes.made_as(job.asset, made.name)
    row.voice, row.face = facts["voice"], facts["face"]
    if made.path is None:
        row.bytes, row.sha256 = storage.text_facts(made.text)
    else:
        row.bytes, row.sha256 = made.path.stat().st_size, storage.sha256(made.path)
        row.stored = storage.keep(storage.renditions(), job.asset_id, made.path, made.content_type)
    return row


def _try_again(job: MediaJob, token: uuid.UUID, error: Exception) -> None:
    detail = f"{reason(error)}\n{getattr(error, 'tail', '')}".strip()
    if isinstance(error, Away):  # no fault of the recording: it waits however long it takes
        MediaJob.objects.filter(pk=job.pk, lease_token=token).update(attempt=job.attempt - 1)
        later = timezone.now() + datetime.timedelta(seconds=AWAY_PAUSE_SECONDS)
        _end(job, token, State.READY, error.sentence, detail, later)
        return
    if job.attempt >= settings.MEDIA_MAX_ATTEMPTS:
        log.error("A recording needs somebody: %s was given up", job.stage)
        _end(job, token, State.DEAD, WENT_WRONG, detail)
        return
    pause = datetime.timedelta(seconds=FIRST_PAUSE_SECONDS * 2 ** (job.attempt - 1))
    _end(job, token, State.READY, AGAIN_SOON, detail, timezone.now() + pause)


def _end(
    job: MediaJob,
    token: uuid.UUID,
    state: str,
    problem: str,
    detail: str,
    not_before: datetime.datetime | None = None,
) -> None:
    """Close this attempt, if it is still ours to close."""
    MediaJob.objects.filter(pk=job.pk, lease_token=token).update(
        state=state,
        problem=problem,
        log_tail=_shortened(detail),
        lease_token=None,
        lease_expires=None,
        progress=0,
        not_before=not_before or job.not_before,
    )


def _shortened(detail: str) -> str:
    """The first line says why; of the rest the end counts."""
    why, _, rest = detail.partition("\n")
    return f"{why}\n{rest[-ffmpeg.TAIL_BYTES :]}".strip()
