"""Subtitles that a person wrote elsewhere: a .vtt or .srt file into cues.

Only words and times are taken and, where that is asked for, who speaks. Markup, places on the
screen, styles, notes and headings of the file stay outside, and its name is not looked at.
"""

from __future__ import annotations

import codecs
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace

import webvtt
from django.utils.translation import gettext as _
from webvtt.errors import MalformedCaptionError, MalformedFileError

from media_pipeline import captions
from media_pipeline.captions import Cue
from media_pipeline.transcriber import Word

MOST_BYTES = 2_000_000  # hours of speech
ARROW = "-->"
TIME = r"(?:\d{1,3}:)?[0-5]?\d:[0-5]?\d[.,]\d{3}"
TIMES = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?:\s|$)")
PLACE = re.compile(r"\{\\[^}]*\}")  # {\an8}: where some .srt files put a line on the screen
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF])
BYTE_ORDER = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
# Who speaks: <v Name>, or <v.class Name>; it holds until the next, or </v>.
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>|</v>")
LONGEST_NAME = 80  # letters
LATE = 2.0  # seconds after its end in which a recording may still have a subtitle


class BadSubtitles(ValueError):
    """The file can't be taken as it is. `sentence` says what to do, and in which line."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def read(
    content: bytes, seconds: float, *, speaker: Callable[[str], str] | None = None
) -> list[Cue]:
    """The cues of a .vtt or .srt file for a recording of so many seconds. Raises BadSubtitles.

    speaker: gives what is kept for the name of somebody who speaks; without it none are taken, for
    a program may have put them in whom nobody asked. Words have no times of their own. What is too
    long for two lines, or stands for longer than seven seconds, is parted.
    """
    if len(content) > MOST_BYTES:
        raise BadSubtitles(
            _(
                "This file is larger than %(megabytes)s MB, which no subtitles are. "
                "Please look whether it is the right one."
            )
            % {"megabytes": MOST_BYTES // 1000000}
        )
    lines = _decoded(content).splitlines()
    while lines and not lines[0].strip():
        lines.pop(0)
    if not any(ARROW in line for line in lines):
        raise BadSubtitles(
            _(
                "We found no subtitles in this file. We can read .vtt and .srt files: lines "
                "of words, each with its times above it, such as 00:01:02.500 %(arrow)s "
                "00:01:05.000."
            )
            % {"arrow": ARROW}
        )
    found = [cue for cue in _cues(lines, seconds, speaker) if cue.text]
    if not found:
        raise BadSubtitles(_("There are times in this file, but no words. Please choose another."))
    return _in_order(found)


def _decoded(content: bytes) -> str:
    """As it says itself, else UTF-8, else as old Windows programs write."""
    for mark, encoding in BYTE_ORDER.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        raise BadSubtitles(_("This is no text file. We can read .vtt and .srt files."))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _cues(lines: list[str], seconds: float, speaker: Callable[[str], str] | None) -> list[Cue]:
    """As the file has them; each time is looked at with the number of its line."""
    at = [number for number, line in enumerate(lines, 1) if ARROW in line]
    for number in at:
        if not TIMES.match(lines[number - 1]):
            raise BadSubtitles(
                _(
                    "We can't read the times in line %(number)s. They should look like this: "
                    "00:01:02.500 %(arrow)s 00:01:05.000. Please put them right and try again."
                )
                % {"number": number, "arrow": ARROW}
            )
    is_vtt = lines[0].lstrip().startswith("WEBVTT")
    text = "\n".join(lines)
    try:
        file = webvtt.from_buffer(io.StringIO(text), format="vtt" if is_vtt else "srt")
        taken: list[webvtt.Caption] = file.captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise BadSubtitles(
            _(
                "We can't read this file from its first line on. A .vtt file begins with WEBVTT; "
                "in an .srt file each subtitle begins with its number, from 1 on."
            )
        ) from error
    if len(taken) != len(at):
        raise BadSubtitles(
            _(
                "We could read %(read)s of the %(all)s subtitles in this file. Each needs "
                "its times in one line, its words below, and an empty line after them."
            )
            % {"read": len(taken), "all": len(at)}
        )
    cues = []
    for number, caption in zip(at, taken, strict=True):
        start, end = _seconds(caption.start_time), _seconds(caption.end_time)
        if end <= start:
            raise BadSubtitles(
                _(
                    "In line %(number)s a subtitle ends before it begins. Please put its times "
                    "right."
                )
                % {"number": number}
            )
        if start > seconds + LATE:
            raise BadSubtitles(
                _(
                    "In line %(number)s a subtitle begins after the recording has ended. Please "
                    "look whether this file belongs to another recording."
                )
                % {"number": number}
            )
        cues += captions.shared(_voices(caption.raw_text, speaker), start, end)
    return cues


def _voices(text: str, speaker: Callable[[str], str] | None) -> list[Cue]:
    """A caption by those who speak in it, without times; where nobody is to be told, in one."""
    if speaker is None:
        return [Cue(0, 0, _words(text), ())]
    first, *rest = VOICE.split(text)
    said = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    cues = [
        Cue(0, 0, _words(words), (), speaker(known) if (known := _name(name or "")) else "")
        for name, words in said
    ]
    return [cue for cue in cues if cue.text] or cues[:1]


def _name(written: str) -> str:
    """On one line, and not longer than a name is."""
    return " ".join(html.unescape(written).translate(CONTROL).split())[:LONGEST_NAME].strip()


def times(text: str) -> list[tuple[float, float]]:
    """When each cue of a captions file of ours (WebVTT) begins and ends, in seconds."""
    found = webvtt.from_string(text).captions
    return [(_seconds(one.start_time), _seconds(one.end_time)) for one in found]


def _seconds(time: webvtt.models.Timestamp) -> float:
    hours, minutes, seconds, thousandths = time.to_tuple()
    return round(hours * 3600 + minutes * 60 + seconds + thousandths / 1000, 3)


def _words(text: str) -> str:
    """On one line, without anything that is for a player."""
    bare = webvtt.Caption(text=text).text
    plain = html.unescape(PLACE.sub("", bare)).translate(CONTROL)
    return " ".join(plain.split())


def _in_order(cues: list[Cue]) -> list[Cue]:
    """By their times, none over another; each parted where it is too much for one."""
    parted: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        for part in _parts(cue):
            if parted and parted[-1].end > part.start:
                before = parted.pop()
                begins = max(part.start, before.start + captions.SHORTEST)
                parted.append(replace(before, end=begins))
                part = replace(part, start=begins, end=max(part.end, begins + captions.SHORTEST))
            parted.append(part)
    return parted


def _parts(cue: Cue) -> list[Cue]:
    """The cue itself if it can be read as it is; else as many as it needs."""
    length = cue.end - cue.start
    if captions.fits(cue.text) and length <= captions.MOST:
        return [cue]
    spoken, now = [], cue.start
    each = length / max(1, len(cue.text.replace(" ", "")))
    for word in cue.text.split():
        spoken.append(Word(now, now + each * len(word), word, 1.0))
        now = spoken[-1].end
    return [replace(part, words=(), speaker=cue.speaker) for part in captions.cues(spoken)]
