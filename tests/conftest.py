"""What every test may ask for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from wagtail.models import Collection, Locale, Page

from stories.consent import triggers
from tests.people import Contributor, Moderator, Stranger


@pytest.fixture(scope="session", autouse=True)
def _throw_the_room_away():
    """Everything that tests write stands in one folder, gone afterwards."""
    yield
    shutil.rmtree(settings.TEST_ROOM, ignore_errors=True)


def plant_roots() -> None:
    """What Wagtail's migrations made, and the emptying after a test that commits took away."""
    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code="en-gb")
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")


@pytest.fixture
def site(transactional_db):
    """A site as `set_up_site` makes it: words, pages, moderators. Commits are real here."""
    plant_roots()
    call_command("set_up_site", verbosity=0)
    yield
    # The emptying after a test deletes what nothing else may; the triggers come back with it.
    triggers.lift()
    settings.JOURNAL_PATH.unlink(missing_ok=True)
    for folder in (settings.MEDIA_STORE_DIR, settings.MEDIA_WORK_DIR, settings.KEYS_DIR):
        shutil.rmtree(folder, ignore_errors=True)


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
        store = Path(settings.MEDIA_STORE_DIR)
        return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())

    return names
