"""A story that is gone, what is planted of it, and the command that looks for it."""

from __future__ import annotations

import io
import logging
import shutil
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from stories.contributions.models import Contribution
from stories.publishing.withdraw import withdraw
from tests.people import work

TITLE = "The garlic came up early"
WORDS = (
    "Jean put another note through the door on the wettest Thursday of that whole winter. "
    "I left it on the mat until Sunday, and then I read it — standing in my wet coat, café shut."
)
QUOTED = "note through the door on the wettest Thursday of that"
ACCENTED = "and then I read it — standing in my wet coat, café shut"


def verify(*options: str) -> tuple[str, bool]:
    """What the command says, and whether it found something."""
    said = io.StringIO()
    try:
        call_command("verify_withdrawals", *options, stdout=said)
    except SystemExit as end:
        return said.getvalue(), bool(end.code)
    return said.getvalue(), False


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def told(contributor, moderator, **answers) -> Contribution:
    contributor.tell(TITLE, WORDS, **answers)
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    return Contribution.objects.get(reference=reference)


@pytest.fixture
def erased(contributor, moderator) -> Contribution:
    story = told(contributor, moderator, shown_name="Morag MacTavish", email="morag@example.org")
    withdraw(story, destroy_after=timezone.now())
    work()
    story.refresh_from_db()
    assert story.state == "erased"
    return story


@pytest.fixture
def swept(settings):
    """What is planted outside the models' tables goes with the test."""
    yield
    logger = logging.getLogger("planted")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    caches["default"].clear()
    if connection.vendor == "postgresql":
        run("DROP SCHEMA IF EXISTS elsewhere CASCADE")
    for table in ("forgotten", "planted_cache"):
        run(f"DROP TABLE IF EXISTS {table}")
    if connection.vendor == "sqlite":
        run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.rmtree(settings.DATA_DIR / "images", ignore_errors=True)
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        path.unlink()


def log_to(path: Path) -> logging.Logger:
    logger = logging.getLogger("planted")
    logger.addHandler(logging.FileHandler(path))
    return logger


def captions() -> str:
    """WebVTT of a few words a cue, so that no cue by itself says much."""
    words = WORDS.split()
    cues = [
        f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{' '.join(words[n * 4 : n * 4 + 4])}\n"
        for n in range(8)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)
