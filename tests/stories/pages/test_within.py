"""Words looked for in one story: on its page, as JSON, and on the way from the search page."""

from __future__ import annotations

import logging
import re
from html import unescape

import pytest

from stories.contributions.models import Contribution
from stories.publishing.pause import pause
from tests.people import work

TOLD = "My CPN came on Tuesdays.\n\nWe walked < talked,\nand sat in a café."


@pytest.fixture
def told(contributor, moderator, stranger) -> str:
    """The address of a written story."""
    contributor.tell("A cup of tea", TOLD)
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    return address


def found(stranger, address: str, typed: str):
    return stranger.client.get(f"{address}find", {"q": typed})


def test_page_and_json_mark_the_same_as_search(told, stranger):
    answer = found(stranger, told, "community psychiatric nurse in a CAFE walks").json()
    assert answer["matches"] == [None, None, None]
    assert answer["texts"]["0"] == [["My ", None], ["CPN", 0], [" came on Tuesdays.", None]]
    assert answer["texts"]["1"][1] == ["walked", 1]
    assert answer["texts"]["1"][3] == ["café", 2]

    page = stranger.client.get(told, {"find": "community psychiatric nurse cafe walks"})
    words = page.content.decode()
    assert "<mark>CPN</mark> came on Tuesdays." in words
    assert "We <mark>walked</mark> &lt; talked,\nand sat in a <mark>café</mark>." in words
    assert '#p2">¶ 2</a>' in words

    assert "noindex" in page["X-Robots-Tag"]
    assert 'content="noindex' in words

    plain = stranger.client.get(told)
    assert "noindex" not in plain.get("X-Robots-Tag", "")
    plain = plain.content.decode()
    assert "We walked &lt; talked,\nand sat in a café." in plain
    assert "<mark>" not in plain


def test_words_go_along_from_the_search_page_also_those_that_were_meant(told, stranger):
    [way] = re.findall(r'class="moment" rel="nofollow" href="([^"]+)"', stranger.search("tuesdyas"))
    assert "<mark>Tuesdays</mark>" in stranger.client.get(unescape(way)).content.decode()


def test_nothing_is_found_in_a_story_that_rests_or_was_taken_back(told, contributor, stranger):
    assert found(stranger, told, "tuesdays").json()["matches"] == [None]
    pause(Contribution.objects.get())
    assert found(stranger, told, "tuesdays").status_code == 404
    contributor.take_down()
    answer = found(stranger, told, "tuesdays")
    assert answer.status_code == 410
    assert "Tuesdays" not in answer.content.decode()
    assert found(stranger, "/stories/never-was/", "tuesdays").status_code == 404


def test_what_is_typed_is_kept_nowhere(told, stranger, caplog):
    with caplog.at_level(logging.DEBUG, logger=""):
        answer = found(stranger, told, "zanthorpe")
        found(stranger, "/stories/never-was/", "zanthorpe")
        stranger.client.get(told, {"find": "zanthorpe"})
    assert "zanthorpe" not in caplog.text
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer.cookies == {}


def test_whatever_is_typed_is_answered(told, stranger):
    for typed in ("-tea", "x" * 301, "*" * 90, '"', "<script>", "\u202e\ufdd0", "?q=&find"):
        assert found(stranger, told, typed).status_code == 200
        assert "<script>" not in stranger.client.get(told, {"find": typed}).content.decode()
