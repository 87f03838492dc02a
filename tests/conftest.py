"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection, connections
from hypothesis import settings as drawn
from wagtail.models import Collection, Locale, Page

from archive.settings import engines
from stories.consent import triggers
from tests import migrated, places, snapshot
from tests.media_pipeline import kept
from tests.people import Contributor, Moderator, Stranger

ON_STACK = engines.DATABASE == "postgresql"
# Whoever shares the machine with others is slow for no fault of the code.
drawn.register_profile("unhurried", deadline=None)
drawn.load_profile("unhurried")
# Looking for cycles among all that Django made takes a quarter of the time of migrating.
gc.set_threshold(100_000, 20, 100)


def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are processors: browsers, killed processes and leases are waited for."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other way of running: deselected, and counted as such."""
    other = "embedded" if ON_STACK else "stack"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _throw_the_room_away():
    """Everything that tests write stands in one folder, and on servers under our own names."""
    places.prepare()
    yield
    places.drop()
    shutil.rmtree(settings.TEST_ROOM, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings) -> bool:
    """Whether pytest-django finds a database there, which only lacks what is new."""
    return migrated.bring(Path(connection.settings_dict["TEST"]["NAME"] or "."))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        migrated.keep()


@pytest.fixture(scope="session", autouse=True)
def _emptying_is_allowed():
    """After a test that commits, everything goes: also what nothing else may delete. The triggers
    come back with the signal that the emptying ends with."""
    real = flush.Command.handle

    def handle(self, **options):
        # On PostgreSQL the triggers would hold what is to be deleted one row after another.
        copies = connection.vendor == "sqlite"
        if copies and snapshot.EMPTIED.restore():
            return
        triggers.lift(connections[options["database"]])
        real(self, **options)
        if copies:
            snapshot.EMPTIED.take()

    flush.Command.handle = handle
    yield
    flush.Command.handle = real


def plant_roots() -> None:
    """What Wagtail's migrations made, and the emptying after a test that commits took away."""
    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code="en-gb")
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")


def _forget_what_the_last_test_knew() -> None:
    ContentType.objects.clear_cache()
    cache.clear()


@pytest.fixture
def site(transactional_db):
    """A site as `set_up_site` makes it: words, pages, moderators. Commits are real here."""
    if not snapshot.NEW_SITE.restore():
        plant_roots()
        call_command("set_up_site", verbosity=0)
        snapshot.NEW_SITE.take()
    _forget_what_the_last_test_knew()
    yield
    settings.JOURNAL_PATH.unlink(missing_ok=True)
    places.empty()


@pytest.fixture
def contributor(site) -> Contributor:
    return Contributor()


@pytest.fixture
def moderator(site) -> Moderator:
    return Moderator.appointed()


@pytest.fixture
def stranger(site) -> Stranger:
    return Stranger()


@pytest.fixture
def stored_files():
    """Names of every file in the stores of originals and renditions."""

    def names() -> list[str]:
        return [
            f"{alias}/{name}" for alias in ("originals", "renditions") for name in kept.names(alias)
        ]

    return names
