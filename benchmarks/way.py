"""One way of running, measured from inside: `python -m benchmarks.way` prints figures as JSON.

The engines are those of the environment, as for the tests, with a database, buckets and an index
of their own. Real pages, real workers in processes of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings.test")
os.environ.setdefault("TEST_MARK", "bench")

import django

django.setup()

from django.core.management import call_command
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from archive.management.commands.worker import command_of
from archive.settings import engines
from benchmarks import raw
from benchmarks.clock import Clock, until
from media_pipeline import intake, originals
from search import api as search
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.pages.models import StoryPage
from stories.publishing import reconcile as reconciling
from stories.publishing.tasks import reconcile_story
from tests import places, processes, recordings
from tests.conftest import plant_roots
from tests.people import Contributor, Moderator, Stranger, forget_work

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "12"))
WORDS = " ".join(
    f"On day {day} I walked a little further, and somebody asked me how it had been."
    for day in range(60)
)


def main() -> None:
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        places.prepare()
        plant_roots()
        call_command("set_up_site", verbosity=0)
        figures = measure()
    finally:
        forget_work()
        places.drop()
        teardown_databases(kept, verbosity=0)
    json.dump(figures, sys.stdout)


def measure() -> dict:
    moderator, stranger, clock = Moderator.appointed(), Stranger(), Clock()
    for _ in range(ROUNDS):
        upload(clock)
    for _ in range(ROUNDS):
        steps(clock, moderator)
    with worker():
        bells(Clock(), moderator, stranger)  # once to warm up
        for _ in range(ROUNDS):
            bells(clock, moderator, stranger)
    raw.measure(clock, ROUNDS, WORDS)
    return clock.medians()


def upload(clock: Clock) -> None:
    """A recording sent in the form, until it is safely kept."""
    contributor = Contributor()
    contributor.begin("recording")
    path = recordings.sound("mp3", 5)
    with (
        clock.watching(intake, "examine", "upload: look at it"),
        _keeping(clock),
        clock.time("request to stored upload"),
    ):
        response = contributor.upload(path)
    assert response.status_code == 302, response.status_code


@contextmanager
def _keeping(clock: Clock) -> Iterator[None]:
    """Entering and leaving originals.kept(): what sealing and storing take, without the row."""
    real = originals.kept

    @contextmanager
    def kept(*args):
        with clock.time("upload: seal and store"):
            block = real(*args)
            block.__enter__()
        yield
        with clock.time("upload: leave incoming"):
            block.__exit__(None, None, None)

    originals.kept = kept
    try:
        yield
    finally:
        originals.kept = real


def steps(clock: Clock, moderator: Moderator) -> None:
    """Each step of publishing and of destroying, called as a worker calls them."""
    contributor, story = told()
    with ExitStack() as watched:
        watched.enter_context(_timed_steps(clock))
        for name in ("put", "remove", "scrub"):
            watched.enter_context(clock.watching(search, name, f"search.{name}()"))
        moderator.approve(story.reference)
        with clock.time("all steps, opening"):
            assert reconciling.reconcile(story.pk)
        contributor.destroy()
        with clock.time("all steps, closing"):
            until(lambda: reconciling.reconcile(story.pk))
    forget_work()


@contextmanager
def _timed_steps(clock: Clock) -> Iterator[None]:
    real = reconciling.STEPS
    reconciling.STEPS = tuple(
        replace(
            step,
            open=clock.timed(f"open: {step.name}", step.open),
            close=clock.timed(f"close: {step.name}", step.close),
        )
        for step in real
    )
    try:
        yield
    finally:
        reconciling.STEPS = real


def bells(clock: Clock, moderator: Moderator, stranger: Stranger) -> None:
    """With a worker at work: from a decision to what a visitor meets, and to the ledger's end."""
    contributor, story = told()
    with clock.time("approval to visible"):
        with clock.time("approval: the request"):
            moderator.approve(story.reference)
        until(lambda: story.reference in found(story))
    with clock.time("withdrawal to ledger done"):
        with clock.time("withdrawal to invisible"):
            contributor.destroy()
        assert stranger.stories() == [], "still listed"
        until(lambda: Contribution.objects.filter(pk=story.pk, state=State.ERASED).exists())
    with clock.time("bell: from a message to its task's end"):
        before = Contribution.objects.get(pk=story.pk).epoch
        Contribution.objects.filter(pk=story.pk).update(reconciled_epoch=before - 1)
        reconcile_story.enqueue(story.pk)
        until(lambda: Contribution.objects.filter(pk=story.pk, reconciled_epoch=before).exists())


@contextmanager
def worker() -> Iterator[None]:
    """The light worker as each way of running starts it, in a process of its own."""
    if engines.TASK_ENGINE == "celery":
        log = Path(tempfile.mkdtemp()) / "light.log"
        celery = processes.CeleryWorker(log, "-Q", "default,light", "-c", "1")
        try:
            celery.wait_ready()
            yield
        finally:
            celery.close()
        return
    process = subprocess.Popen(command_of("light"), env=processes.environment())
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def told() -> tuple[Contributor, Contribution]:
    contributor = Contributor().tell("A plain title", WORDS)
    return contributor, Contribution.objects.latest("pk")


def found(story: Contribution) -> list[str]:
    visible = StoryPage.objects.public().values_list("contribution__reference")
    return [hit.document_id for hit in search.find("walked", visible=visible).hits]


if __name__ == "__main__":
    main()
