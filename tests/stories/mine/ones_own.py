"""A story of one's own, and what its page says."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model

from stories.consent.reading import consents_of
from stories.consent.record import By, Method
from stories.contributions.models import Contribution
from stories.publishing.approve import approve
from tests.people import work

HOME = "/my-story/"
WORDS = "Jean put a note through the door.\n\nI planted garlic."


@pytest.fixture
def story(contributor) -> Contribution:
    contributor.tell("The garlic is up", WORDS, shown_name="Mo")
    return Contribution.objects.get()


@pytest.fixture
def published(story) -> Contribution:
    approve(story, staff())
    work()
    story.refresh_from_db()
    return story


def staff():
    return get_user_model().objects.get_or_create(username="ailsa")[0]


def by_staff() -> By:
    return By.staff(staff(), Method.WEB)


def text_of(response) -> str:
    """What the page says, without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hidden(response) -> dict[str, str]:
    """The hidden fields of a page's forms, as a browser would send them."""
    page = response.content.decode()
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def given(story: Contribution) -> frozenset[str]:
    return consents_of(story.contributor_key).given
