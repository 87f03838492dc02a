"""A published story's recording, as a visitor gets it through nginx."""

from __future__ import annotations

import re

import pytest

from tests import recordings
from tests.people import work

pytestmark = pytest.mark.stack


def test_a_story_is_sent_by_nginx_until_it_is_taken_down(
    contributor, moderator, stranger, front, settings
):
    contributor.tell("In my own words", recording=recordings.sound("mp3", 1))
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    for name in ("story.mp3", "audio.m4a", "audio.m3u8"):
        path = f"{address}media/{name}"
        for headers in ({}, {"Range": "bytes=100-299"}, {"Range": "bytes=999999999-"}):
            ours, theirs = front.by_threads(path, **headers), front.through_nginx(path, **headers)
            assert theirs == ours, (name, headers)
    assert front.through_nginx(f"{address}media/story.mp3").status == 200
    enclosure = re.search(r"/stories/[^\"]+story\.mp3", front.through_nginx(address).body.decode())
    assert enclosure, "the page does not offer it"
    contributor.take_down()
    assert front.through_nginx(f"{address}media/story.mp3").status == 410
    assert front.through_nginx(address).status == 410
    work()
    assert front.through_nginx(f"{address}media/story.mp3").status == 410
