"""Cues that can be read, and a master playlist that gives nothing away."""

from __future__ import annotations

import io

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline import captions, playlists, transcriber
from media_pipeline.names import NEEDS
from media_pipeline.transcriber import Word
from tests import recordings

# Also what models do now and then: no time at all for a word, nine seconds, a step back.
SPOKEN = st.lists(
    st.tuples(
        st.one_of(
            st.text("abcdefghij,.?'<&-", min_size=1, max_size=14),
            st.sampled_from(["and", "that", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysilio"]),
        ),
        st.one_of(st.just(0.0), st.floats(0.05, 2.0), st.just(9.0)),
        st.one_of(st.just(0.0), st.floats(0, 3.0), st.just(-0.3)),
    ),
    max_size=60,
)


def _words(spoken) -> list[Word]:
    words, now = [], 0.0
    for text, length, pause in spoken:
        now = max(0.0, round(now + pause, 3))
        words.append(Word(now, round(now + length, 3), text, 0.9))
        now = words[-1].end
    return words


@given(SPOKEN)
def test_no_word_is_lost_and_every_cue_can_be_read(spoken):
    words = _words(spoken)
    cues = captions.cues(words)
    assert [word for cue in cues for word in cue.words] == words
    can_be_read(cues)
    read = webvtt.from_buffer(io.StringIO(captions.to_webvtt(cues)))
    assert len(read) == len(cues)


def can_be_read(cues: list[captions.Cue]) -> None:
    """The reading rules, by their numbers: two lines of 42, one to seven seconds, 17 a second."""
    bit = 0.0011  # times are written down in milliseconds
    nexts = [*(cue.start for cue in cues[1:]), None]
    for cue, following in zip(cues, nexts, strict=False):
        lines = captions.lines(cue.text).split("\n")
        assert "".join(" ".join(lines).split()) == "".join(cue.text.split())
        assert len(lines) <= 2
        assert all(len(line) <= 42 for line in lines)
        stands = cue.end - cue.start
        assert 0.19 < stands <= 7 + bit
        # The next words come too soon: the one excuse for being too short or too fast.
        hurried = following is not None and cue.end >= following - 0.08 - bit
        assert stands >= 1 - bit or hurried
        assert len(cue.text) / stands <= 17 + bit * 17 or hurried
        if following is not None:
            gap = following - cue.end
            assert -1e-6 < gap < bit or gap >= 0.08 - bit


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


def test_without_marks_a_cue_ends_at_a_breath_or_before_a_phrase():
    text = "we walked along the river for an hour and then nobody said anything until it got dark"
    told = [(word, 0.2, 0.0) for word in text.split()]
    first = captions.cues(_words(told))[0]
    assert (
        first.text
        == "we walked along the river for an hour and then nobody said anything until it got dark"[
            : len(first.text)
        ]
    )
    assert text.split()[len(first.text.split())] in captions.BEGIN | {"until"}
    told[9] = ("then", 0.2, 0.3)
    assert captions.cues(_words(told))[0].text.endswith(" hour and")


def test_a_cue_stays_on_in_the_silence_that_follows():
    quick = [(word, 0.1, 0.0) for word in ("everybody", "had", "already", "gone", "away.")]
    first, second = captions.cues(_words([*quick, ("Yes.", 0.3, 4.0)]))
    assert first.words[-1].end == 0.5
    assert first.end == pytest.approx(len(first.text) / 17, abs=0.001)
    assert second.end - second.start == pytest.approx(1)


def test_a_real_reading_can_be_read(tmp_path):
    """What a model heard in it, word for word; its readers are told apart by their breaths."""
    spoken = recordings.reading()
    wave = tmp_path / "speech.wav"
    recordings.run("-i", spoken.path, "-ac", "1", "-ar", "16000", wave)
    reached: list[float] = []
    heard = transcriber.hear(wave, deadline=300, on_progress=reached.append)
    assert (heard.language, heard.assumed, heard.unsure) == ("en", True, False)
    assert reached == sorted(reached)
    assert reached[-1] > 20
    assert any("ill-disposed" in word.text for word in heard.words), "a model hears it in two"
    cues = captions.cues(heard.words)
    can_be_read(cues)
    assert sum(len(cue.words) for cue in cues) == len(heard.words)
    fast = [cue for cue in cues if len(cue.text) / (cue.end - cue.start) > 17.1]
    assert len(fast) <= len(cues) // 4, [cue.text for cue in fast]


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
