"""Cues that can be read, and a master playlist that gives nothing away."""

from __future__ import annotations

import io
import itertools

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline import captions, playlists
from media_pipeline.names import NEEDS
from media_pipeline.transcriber import Word

SPOKEN = st.lists(
    st.tuples(
        st.text("abcdefghij,.?'<&-", min_size=1, max_size=14),
        st.floats(0.05, 2.0),
        st.floats(0, 3.0),
    ),
    max_size=60,
)


def _words(spoken) -> list[Word]:
    words, now = [], 0.0
    for text, length, pause in spoken:
        now = round(now + pause, 3)
        words.append(Word(now, round(now + length, 3), text, 0.9))
        now = words[-1].end
    return words


@given(SPOKEN)
def test_no_word_is_lost_and_every_cue_can_be_read(spoken):
    words = _words(spoken)
    cues = captions.cues(words)
    assert [word for cue in cues for word in cue.words] == words
    for cue, following in itertools.pairwise(cues):
        assert cue.end <= following.start + 1e-6 or cue.end <= cue.words[-1].end
    for cue in cues:
        lines = captions.lines(cue.text).split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= 42 for line in lines)
        assert 0 < cue.end - cue.start <= 7.0 + 1e-6
    read = webvtt.from_buffer(io.StringIO(captions.to_webvtt(cues)))
    assert len(read) == len(cues)


def test_a_cue_ends_with_its_sentence_or_at_a_phrase():
    text = (
        "I went back home. After the long winter in that house, which nobody had warned me about, "
        "I began to sleep again."
    )
    spoken = [(word, 0.3, 0.0) for word in text.split()]
    assert [cue.text for cue in captions.cues(_words(spoken))] == [
        "I went back home.",
        "After the long winter in that house, which nobody had warned me about,",
        "I began to sleep again.",
    ]


def test_markup_in_a_word_stays_a_word():
    cue = captions.Cue(0, 1, "a <b> & --> c", ())
    assert "a &lt;b&gt; &amp; --&gt; c" in captions.to_webvtt([cue])


PARTS = {
    "240p.m3u8": {"peak": 10, "average": 8, "codec": "avc1.64001F", "size": "2x2", "rate": 25.0},
    "video.m3u8": {"peak": 9, "average": 8, "codec": "avc1.64001E", "size": "1x1", "rate": 25.0},
    "audio.m3u8": {"peak": 3, "average": 2, "codec": "mp4a.40.2", "channels": 1},
}


@pytest.mark.parametrize("granted", [set(), {"sound"}, {"picture"}, {"sound", "picture"}])
def test_the_master_lists_only_what_is_allowed(granted):
    allowed = {name for name, needs in NEEDS.items() if needs <= granted}
    text = playlists.master_for(PARTS, allowed)
    assert ("240p.m3u8" in text) is ("picture" in granted)
    assert ("video.m3u8" in text) is ("picture" in granted), "made before there were rungs"
    assert ("avc1" in text) is ("picture" in granted)
    assert ("audio.m3u8" in text) is ("sound" in granted)
    assert ("mp4a" in text) is ("sound" in granted)
    assert bool(text) is bool(granted)
    total = 10 * ("picture" in granted) + 3 * ("sound" in granted)
    assert f":BANDWIDTH={total}," in text or not granted
    assert playlists.is_ours(text)


def test_a_playlist_with_anything_else_is_not_ours():
    assert not playlists.is_ours("#EXTM3U\nother.mp4\n")
    assert not playlists.is_ours('#EXTM3U\n#EXT-X-MAP:URI="http://x/video.mp4"\n')
    assert not playlists.is_ours("#EXTM3U\n#EXT-X-DATERANGE:ID=1\n")
