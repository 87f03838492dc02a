"""Subtitles that people bring: what is taken of them, and what they are told when it can't be."""

from __future__ import annotations

import itertools

import pytest

from media_pipeline import captions
from media_pipeline.subtitles import MOST_BYTES, BadSubtitles, read

SRT = """1\r
00:00:01,000 --> 00:00:03,000\r
Café au lait\r
\r
2\r
0:00:04,500 --> 0:00:06,000\r
Two\r
"""
DRESSED = """WEBVTT - made by My Name

STYLE
::cue { background: url(http://elsewhere.example) }

REGION
id:fred

NOTE My Name, 5 High Street

intro
00:01.000 --> 00:03.000 position:10% line:0 region:fred
<v My Name>We <i>went</i> <00:02.000>home <script>alert(1)</script>&amp; {\\an8}slept a &lt;bit&gt;
on it
"""


def told(content: bytes | str, seconds: float = 60) -> list[tuple[float, float, str]]:
    raw = content.encode() if isinstance(content, str) else content
    return [(cue.start, cue.end, cue.text) for cue in read(raw, seconds)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_an_srt_file_in_any_of_the_usual_ways_of_writing(encoding):
    assert told(SRT.encode(encoding)) == [(1.0, 3.0, "Café au lait"), (4.5, 6.0, "Two")]


def test_only_words_and_times_are_taken():
    [(start, end, text)] = told(DRESSED)
    assert (start, end) == (1.0, 3.0)
    assert text == "We went home alert(1)& slept a <bit> on it"
    file = captions.to_webvtt(read(DRESSED.encode(), 60))
    for trace in ("My Name", "High Street", "http", "position", "fred", "<v", "<script", "an8"):
        assert trace not in file
    assert "&lt;bit&gt;" in file


INTERVIEW = """WEBVTT

00:01.000 --> 00:04.000
<v.loud  Ailsa &amp; co >How did it begin?
<v Iona>With garlic.</v> [laughs]

00:04.500 --> 00:06.000
<v Iona>It was up
before anything else.

00:06.000 --> 00:07.000
<v ></v>

00:07.000 --> 00:08.000
<vb Nobody>And then?
"""


def test_who_speaks_is_taken_where_that_is_asked_for():
    cues = read(INTERVIEW.encode(), 60, speaker=str)
    assert [(cue.speaker, cue.text) for cue in cues] == [
        ("Ailsa & co", "How did it begin?"),
        ("Iona", "With garlic."),
        ("", "[laughs]"),
        ("Iona", "It was up before anything else."),
        ("", "And then?"),
    ]
    # Each has its share of the caption's time.
    assert [cue.start for cue in cues][:3] == sorted({cue.start for cue in cues[:3]})
    assert cues[2].end == 4.0
    file = captions.to_webvtt(cues)
    assert "<v Ailsa &amp; co>How did it begin?" in file
    assert read(file.encode(), 60, speaker=str) == cues
    assert captions.told(cues)[:3] == [
        "Ailsa & co: How did it begin?",
        "Iona: With garlic.",
        "[laughs]",
    ]
    assert not any(cue.speaker for cue in read(INTERVIEW.encode(), 60))


def test_a_name_is_never_markup():
    """Neither one that is too long, nor one with WebVTT or HTML in it."""
    hostile = "&lt;/v&gt;&lt;c.x&gt; --&amp;gt; " + "x" * 200
    [cue] = read(f"WEBVTT\n\n00:01.000 --> 00:03.000\n<v {hostile}>Hi\n".encode(), 60, speaker=str)
    assert len(cue.speaker) == 80
    assert cue.speaker.startswith("</v><c.x> --")
    file = captions.to_webvtt([cue])
    assert "<c.x>" not in file
    assert read(file.encode(), 60, speaker=str) == [cue]


def test_what_is_too_much_for_one_is_parted_and_none_covers_another():
    long = " ".join(f"word{number}" for number in range(60))
    text = f"WEBVTT\n\n00:05.000 --> 00:30.000\n{long}\n\n00:01.000 --> 00:08.000\nEarlier\n"
    cues = read(text.encode(), 60)
    assert " ".join(cue.text for cue in cues) == f"Earlier {long}"
    for cue, following in itertools.pairwise([*cues, None]):
        assert captions.fits(cue.text)
        assert 0 < cue.end - cue.start <= 7.01
        assert following is None or cue.end <= following.start + 1e-6


VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nOne\n\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no subtitles"),
        (b"Once upon a time there was a letter.", "no subtitles"),
        (b"\x00\x01\x02" * 500, "no text file"),
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        ((VTT + "00:04 -> 00:05\n00:04 --> five\nTwo\n").encode(), "line 7"),
        ((VTT + "00:05.000 --> 00:04.000\nTwo\n").encode(), "line 6"),
        ((VTT + "00:05.000 --> 99:04.000\nTwo\n").encode(), "line 6"),
        ((VTT + "55:05.000 --> 55:09.000\nTwo\n").encode(), "another recording"),
        (b"WEBVTT\n\n00:01.000 --> 00:03.000\n<b></b>\n", "no words"),
        (b"Hello\n00:00:01,000 --> 00:00:03,000\nOne\n", "first line"),
    ],
)
def test_what_can_t_be_read_is_told_with_what_to_do(content, says):
    with pytest.raises(BadSubtitles) as refused:
        read(content, 60)
    assert says in refused.value.sentence
    assert "Hello" not in refused.value.sentence
