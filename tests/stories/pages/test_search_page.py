"""The search page: other words for what was typed, and slips of the finger."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from stories.pages.synonyms import SynonymGroup
from tests.people import work


@pytest.fixture
def told(contributor, moderator, stranger) -> str:
    """The address of a story of two short forms, one of them in the list from the start."""
    contributor.tell("A cup of tea", "My CPN came on Tuesdays. We walked to the pitstop.")
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    return address


def test_editors_say_which_words_mean_the_same(told, stranger):
    assert told in stranger.search("community psychiatric nurse")
    assert told not in stranger.search('"community psychiatric nurse"')
    assert told not in stranger.search("recovery café")

    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("editor"))
    add = "/admin/snippets/stories/synonymgroup/add/"
    refused = editor.post(add, {"forms": "pitstop\nPitstops"})
    assert "differ by more than capitals" in refused.content.decode()
    editor.post(add, {"forms": "pitstop\n\nrecovery café\n"})

    page = stranger.search("recovery cafe")
    assert told in page
    assert "<mark>pitstop</mark>" in page
    SynonymGroup.objects.get(forms__contains="pitstop").delete()
    assert told not in stranger.search("recovery café")


def test_a_slip_is_answered_with_the_nearest_word_until_that_is_taken_back(
    told, contributor, stranger
):
    page = stranger.search("tea tuesdyas<")
    assert told in page
    assert "<mark>Tuesdays</mark>" in page
    assert "“tea tuesdyas&lt;”, so we looked for “tea tuesdays&lt;”" in page
    [exactly] = re.findall(r'href="(/search/[^"]+)"[^>]*>Search for exactly', page)

    page = stranger.client.get(unescape(exactly)).content.decode()
    assert "Few stories have all of your words" in page
    [meant] = re.findall(r'Did you mean <a href="([^"]+)"', page)
    assert told in stranger.client.get(unescape(meant)).content.decode()

    contributor.take_down()
    for address in (exactly, "/search/?q=tuesdyas", "/search/?q=tea+tuesdyas"):
        page = stranger.client.get(unescape(address)).content.decode()
        assert "uesdays" not in page
        assert "Did you mean" not in page
