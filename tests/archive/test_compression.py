"""Pages travel compressed to whoever takes that; recordings never do."""

from __future__ import annotations

import gzip

from tests import recordings
from tests.people import work


def test_words_are_compressed_and_recordings_are_not(contributor, moderator, stranger):
    contributor.tell("Three of us", "A room in Oban.", recording=recordings.sound("mp3", 1))
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()

    def fetched(path: str, **headers: str):
        return stranger.client.get(path, headers={"Accept-Encoding": "gzip"} | headers)

    page = fetched(address)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    plain = stranger.client.get(address)
    assert "Content-Encoding" not in plain
    assert b"A room in Oban." in gzip.decompress(page.content)
    assert len(page.content) < len(plain.content) / 2

    for headers in ({}, {"Range": "bytes=0-99"}):
        sound = fetched(f"{address}media/story.mp3", **headers)
        assert "Content-Encoding" not in sound
        assert int(sound["Content-Length"]) == len(b"".join(sound.streaming_content))
    feed = fetched("/podcasts/stories/feed.xml")
    assert feed["Content-Encoding"] == "gzip"
    again = fetched("/podcasts/stories/feed.xml", **{"If-None-Match": feed["ETag"]})
    assert again.status_code == 304
