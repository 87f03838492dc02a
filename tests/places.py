"""The stores, the index and the queues of this test run: emptied after each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from media_pipeline import api as media
from tests import search_index
from tests.media_pipeline import kept
from tests.people import forget_work


def prepare() -> None:
    """Buckets and index. What an earlier run left there is gone."""
    media.prepare()
    kept.empty()
    search_index.empty()
    forget_work()


def empty() -> None:
    """As they were before the test."""
    kept.empty()
    for folder in (settings.MEDIA_STORE_DIR, settings.MEDIA_WORK_DIR, settings.KEYS_DIR):
        shutil.rmtree(folder, ignore_errors=True)
    for unfinished in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*/"):
        shutil.rmtree(unfinished, ignore_errors=True)
    search_index.empty()
    forget_work()


def drop() -> None:
    """At the end of the run: leave nothing on the servers."""
    forget_work()
    kept.remove()
    search_index.delete()
