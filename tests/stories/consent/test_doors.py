"""No way out that the registry does not name, and nothing of a closed story behind any address."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver

from search.api import Document
from stories.consent import doors, table
from stories.consent.exits import BY_NAME, EXITS
from stories.contributions.models import Contribution
from stories.letters.models import Letter
from stories.management.commands.exits_table import PAGE, with_table
from stories.pages.models import StoryPage
from stories.pages.show import story_context
from stories.publishing.export import PURPOSES as EXPORTED
from tests.people import work

DATA = Path(doors.__file__).parents[1] / "data" / "consent.toml"


def routes(patterns=None, before: str = "") -> Iterator[str]:
    """Every route of the site, as the resolver writes it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@pytest.fixture
def closed(contributor, moderator) -> Contribution:
    """A story that was out, and rests. Its words are found nowhere else in the world."""
    contributor.tell(
        "Quibblewick",
        "Zanthorpe marrowby flindle.",
        name="chosen",
        shown_name="Ostrakova",
        email="plumtree@example.org",
    )
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


OF_THE_STORY = ("quibblewick", "zanthorpe", "ostrakova", "plumtree")


def places(story: Contribution) -> Iterator[str]:
    """Every place in the code through which something of a story could leave."""
    yield from (f"route:{route}" for route in routes())
    yield from (f"index:{field.name}" for field in fields(Document))
    yield from (f"letter:{kind}" for kind in Letter.Kind.values)
    yield from (f"store:{name}" for name in settings.STORAGES)
    yield from (f"export:{purpose}" for purpose in EXPORTED)
    request = RequestFactory().get("/")
    page = StoryPage.objects.get(contribution=story)
    yield from (f"page:{key}" for key in story_context(page, request))


def test_every_place_is_named_and_no_name_is_stale(closed):
    there = set(places(closed))
    assert sorted(place for place in there if doors.exits_through(place) is None) == []
    work_places = {place for place in doors.DOORS if place.startswith("work:")}
    assert set(doors.DOORS) - there == work_places
    for pattern in doors.NOT_DOORS:
        assert pattern in there or any(fnmatchcase(place, pattern) for place in there), pattern


def test_every_exit_has_a_place_or_says_why_not():
    taken = {name for exits in doors.DOORS.values() for name in exits}
    assert taken <= set(BY_NAME)
    assert set(BY_NAME) - taken == set(doors.NO_DOOR_YET)


def test_every_purpose_opens_something():
    asked = {row["slug"] for row in tomllib.loads(DATA.read_text())["purpose"]}
    assert {slug for door in EXITS for slug in door.purposes} == asked


def test_the_page_about_consent_holds_the_table_of_now():
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text) == text, "run manage.py exits_table --write"
    assert table.as_markdown().count("\n") == len(EXITS) + 2


def addresses(story: Contribution) -> Iterator[str]:
    """Every route with something real, or something that may be there, in each of its places."""
    slug = StoryPage.objects.get(contribution=story).slug
    known = {
        "slug": [slug, "stories", "site_search"],
        "name": ["story.mp3", "captions.vtt", "master.m3u8"],
        "reference": [story.reference],
        "purpose": ["publish_text"],
        "token": ["x" * 43],
    }
    for route in routes():
        if route.startswith("admin/") or not re.fullmatch(r"[\w/<>:.-]*", route):
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        values = [known.get(name, ["1", "00000000-0000-4000-8000-000000000000"]) for name in names]
        for chosen in itertools.product(*values):
            address = route
            for value in chosen:
                address = re.sub(r"<[^>]+>", value, address, count=1)
            yield "/" + address
    yield from (
        "/",
        "/stories/",
        f"/stories/{slug}/",
        "/search/?q=zanthorpe",
        "/search/suggestions/?q=quibb",
        "/api/search?q=zanthorpe",
        "/api/search?q=ostrakova",
        "/search/?q=ostrakova",
    )


def leaks(client: Client, address: str, words=OF_THE_STORY) -> list[str]:
    response = client.get(address)
    said = b"".join(response.streaming_content) if response.streaming else response.content
    text = (said.decode(errors="replace") + str(response.headers)).lower()
    if "?q=" in address:  # which shows again what was typed
        text = text.replace(address.partition("?q=")[2], "")
    return [f"{address}: {word}" for word in words if word in text]


def test_nothing_of_a_story_that_rests_is_behind_any_address(contributor, closed, stranger):
    asked = list(addresses(closed))
    assert len(asked) > 40
    seen = [leak for address in asked for leak in leaks(stranger.client, address)]
    assert seen, "the walk does not see what is open"
    assert not [leak for leak in seen if "plumtree" in leak]
    contributor.client.post("/my-story/rest/")
    assert [leak for address in asked for leak in leaks(stranger.client, address)] == []


def test_the_admin_lets_nobody_in_who_is_not_signed_in(closed, stranger):
    """Every address of the desk and of Wagtail's admin asks for a password first."""
    open_to_all = {"admin/login/", "admin/logout/", "admin/jsi18n/", "admin/sprite/"}
    for route in routes():
        if not route.startswith("admin/") or route in open_to_all or "password_reset" in route:
            continue
        if not re.fullmatch(r"[\w/<>:.-]*", route):
            continue
        address = re.sub(r"<str:reference>", closed.reference, "/" + route)
        address = re.sub(r"<uuid:[^>]+>", "00000000-0000-4000-8000-000000000000", address)
        address = re.sub(r"<[^>]+>", "1", address)
        response = stranger.client.get(address)
        assert response.status_code in {302, 404, 405}, address
        assert leaks(stranger.client, address) == []
