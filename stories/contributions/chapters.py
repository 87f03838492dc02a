"""Chapter marks as staff write them: a line for each, its time and then its title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

MOST = 100
TITLE_CHARACTERS = 100
LINE = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\s+(\S.*)", re.ASCII)
# What no title needs and what breaks a feed or a player: control characters, and lone surrogates.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffe\uffff]")


class BadChapters(ValueError):
    """They can't be read; `sentence` says to staff which line and why."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def read_chapters(text: str, length: float) -> list[dict]:
    """[{"start": whole seconds, "title": words}] of a recording of `length` seconds, in order.

    No line at all means no chapters. Raises BadChapters.
    """
    chapters: list[dict] = []
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    for number, line in enumerate(lines, 1):
        if line:
            start, title = _read(line, number)
            if chapters and start <= chapters[-1]["start"]:
                raise BadChapters(
                    _("Line %(number)s begins no later than the one before it.")
                    % {"number": number}
                )
            if start >= length:
                raise BadChapters(
                    _("Line %(number)s begins after the recording has ended.") % {"number": number}
                )
            chapters.append({"start": start, "title": title})
    if chapters and chapters[0]["start"] != 0:
        raise BadChapters(_("The first chapter begins at 0:00."))
    if len(chapters) == 1:
        raise BadChapters(_("One chapter alone is none. Write at least two, or leave it empty."))
    if len(chapters) > MOST:
        raise BadChapters(_("There is room for %(most)s chapters.") % {"most": MOST})
    return chapters


def _read(line: str, number: int) -> tuple[int, str]:
    found = LINE.fullmatch(UNSEEN.sub(" ", line))
    if not found:
        raise BadChapters(
            _("Line %(number)s: write a time such as 2:31, a space, and the title.")
            % {"number": number}
        )
    hours, minutes, seconds, title = found.groups()
    if int(seconds) > 59 or (hours and int(minutes) > 59):
        raise BadChapters(
            _("Line %(number)s: %(typed)s is no time.")
            % {"number": number, "typed": line.split()[0]}
        )
    if len(title) > TITLE_CHARACTERS:
        raise BadChapters(
            _("Line %(number)s: a title has room for %(most)s characters.")
            % {"number": number, "most": TITLE_CHARACTERS}
        )
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds), " ".join(title.split())


def as_lines(chapters: Sequence[dict]) -> str:
    """The same as lines, to be changed."""
    return "\n".join(f"{_clock(mark['start'])} {mark['title']}" for mark in chapters)


def _clock(seconds: int) -> str:
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
