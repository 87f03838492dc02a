"""Which work there is for a recording, ringing for it, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from media_pipeline import runner, scanner, tasks, transcriber, wishes, words
from media_pipeline.lease import claimable
from media_pipeline.models import MediaAsset, MediaJob
from media_pipeline.stages import ORDER, STAGES

State = MediaJob.State
ENDED = (State.FAILED, State.DEAD)


@dataclass(frozen=True)
class Progress:
    """`state` is waiting, working, done or failed; `percent` is over all stages; `stage_label`
    and `problem` are sentences for people; `seconds_left` is a guess, None while there is none."""

    state: str
    stage: str
    stage_label: str
    percent: int
    seconds_left: float | None
    problem: str


def start(asset: MediaAsset, *, transcribe: bool) -> None:
    """Make the rows that are missing, renew what is out of date or has ended badly, and ring.

    Without `transcribe`, unfinished transcription is cancelled; finished words stay. Work that was
    begun for another wish is taken away from its worker.
    """
    with transaction.atomic():
        stale = False
        for name in STAGES:
            if name == "scan" and not _has_to_be_scanned(asset):
                asset.jobs.filter(stage=name, state=State.READY).update(state=State.CANCELLED)
                continue
            if name == "disguise" and not wishes.has_to_be_made(asset):
                asset.jobs.filter(stage=name).update(
                    state=State.CANCELLED, lease_token=None, lease_expires=None
                )
                continue
            if name == "speak" and not wishes.is_read_aloud(asset):
                words.fall_silent(asset.pk)
                continue
            if name == "transcribe" and not (transcribe and may_be_heard(asset)):
                words.end_hearing(asset.pk)
                continue
            stale = _renew(asset, name, stale=stale)
    ring(asset.pk)


def hear(asset: MediaAsset) -> None:
    """Have the words written down, where there is something to hear and nobody wrote them."""
    if not may_be_heard(asset):
        return
    with transaction.atomic():
        _renew(asset, "transcribe", stale=False)
    ring(asset.pk)


def may_be_heard(asset: MediaAsset) -> bool:
    """Whether a machine should write words down: never over a person's, nor in a language that
    a person named and no model knows."""
    named = asset.language if asset.language_by == MediaAsset.By.PERSON else ""
    by_hand = asset.words_by == MediaAsset.By.PERSON or named in transcriber.BY_HAND
    return asset.has_sound and not by_hand


def _renew(asset: MediaAsset, name: str, *, stale: bool) -> bool:
    """Make the stage's row, or renew it where it has to be done again; then later ones must too."""
    now = {"input_hash": asset.sha256, "profile_hash": STAGES[name].profile_hash(asset)}
    fresh = {"state": State.READY, "attempt": 0, "not_before": timezone.now()}
    job, made = MediaJob.objects.get_or_create(
        asset=asset, stage=name, defaults={"order": ORDER[name], **now, **fresh}
    )
    ended = job.state in {*ENDED, State.CANCELLED}
    changed = any(getattr(job, field) != value for field, value in now.items())
    # A later stage reads what an earlier one made.
    stale = stale or made or ended or changed
    # What was said does not change with what an earlier stage makes of it.
    mine = stale if STAGES[name].follows else made or ended or changed
    if mine and not made:
        found = asset.jobs.filter(pk=job.pk)
        if not changed:
            found = found.exclude(state=State.RUNNING)
        free = {"lease_token": None, "lease_expires": None}
        found.update(**now, **fresh, **free, progress=0, problem="", log_tail="")
    return stale


def _has_to_be_scanned(asset: MediaAsset) -> bool:
    """What was prepared when there was no scanner need not be prepared again."""
    prepared = asset.jobs.filter(stage="probe", state=State.DONE)
    return scanner.is_wanted() and (
        asset.jobs.filter(stage="scan").exists() or not prepared.exists()
    )


def ring(asset_id: UUID) -> None:
    """Tell the queue, once what was written is really written."""
    transaction.on_commit(lambda: tasks.run_asset.enqueue(str(asset_id)))


def ring_all() -> int:
    """Ring for every recording with work that someone may take; how many there are."""
    earlier = MediaJob.objects.filter(asset=OuterRef("asset"), order__lt=OuterRef("order"))
    blocked = Exists(earlier.exclude(state__in=[State.DONE, State.CANCELLED]))
    jobs = MediaJob.objects.filter(claimable(), ~blocked)
    if not transcriber.available():  # those wait for a model, not for a bell
        jobs = jobs.exclude(stage="transcribe")
    found = jobs.order_by().values_list("asset_id", flat=True)
    for asset_id in found:
        ring(asset_id)
    return len(found)


def in_words(sentence: str) -> str:
    """A sentence that was kept in English, in the language of whoever reads it."""
    return gettext(sentence) if sentence else ""


def progress(asset: MediaAsset) -> Progress:
    """How far the work has come. Words that wait for a model, or could not be written down or
    read aloud, do not hold the recording up."""
    jobs = [job for job in asset.jobs.all() if job.state != State.CANCELLED]
    if not jobs:
        return Progress("waiting", "", "", 0, None, "")
    current = next((job for job in jobs if job.state != State.DONE), None)
    total = sum(STAGES[job.stage].weight for job in jobs)
    so_far = sum(STAGES[job.stage].weight * _share(job) for job in jobs)
    percent = int(100 * so_far / total)
    if current is None:
        return Progress("done", "", gettext("Ready"), 100, 0.0, "")
    problem = in_words(current.problem)
    label = gettext(STAGES[current.stage].label)
    if current.state in ENDED and STAGES[current.stage].may_fail:
        return Progress("done", current.stage, label, 100, None, problem)
    if current.state in ENDED:
        return Progress("failed", current.stage, label, percent, None, problem)
    waits = current.stage == "transcribe" and current.state == State.READY
    if waits and not transcriber.available():
        return Progress("done", current.stage, label, 100, None, gettext(runner.NO_MODEL))
    begun = current.state == State.RUNNING or current is not jobs[0]
    state = "working" if begun else "waiting"
    left = _seconds_left(current, jobs)
    return Progress(state, current.stage, label, percent, left, problem)


def _share(job: MediaJob) -> float:
    return 1.0 if job.state == State.DONE else job.progress


def _seconds_left(current: MediaJob, jobs: list[MediaJob]) -> float | None:
    """From the pace of the stage at work, with the later stages at their usual share."""
    if current.state != State.RUNNING or current.progress < 0.05 or current.started is None:
        return None
    spent = (timezone.now() - current.started).total_seconds()
    weight = STAGES[current.stage].weight
    later = sum(STAGES[job.stage].weight for job in jobs if job.order > current.order)
    whole = spent / current.progress
    return round(whole * (1 - current.progress) + whole * later / weight, 1)
