"""A database (and an index) of the benchmark's own, on the engines that the environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings.test")
os.environ.setdefault("TEST_MARK", "bench")

import django

django.setup()

from django.db.models import QuerySet
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from search.models import IndexedDocument
from tests import places


@contextmanager
def room() -> Iterator[None]:
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        places.prepare()
        yield
    finally:
        places.drop()
        teardown_databases(kept, verbosity=0)


def everything() -> QuerySet:
    """For `visible`: all that is there. What consent costs is measured elsewhere."""
    return IndexedDocument.objects.values("key")
