"""Content notes at the desk: which, where in the story each applies, and a line beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.consent.vocabulary import Term
from stories.contributions.models import Contribution
from stories.contributions.noted import Passage
from stories.contributions.versions import StoryVersion
from stories.pages.clock import clock
from stories.pages.show import length_of, paragraphs_of

WHERE = "where_"
MOST_TYPED = 300
REMARK_CHARACTERS = 120
BETWEEN = re.compile(r"\s*(?:\bto\b|\buntil\b|[-\u2013\u2014])\s*", re.IGNORECASE)
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
NUMBER = re.compile(r"(?:¶|paragraphs?\b)?\s*(\d{1,4})", re.IGNORECASE)


class Unclear(ValueError):
    """What was typed names no place in the story. Its message is a sentence for the moderator."""


def choices(scheme: str) -> list[tuple[str, str]]:
    """(slug, label) of all terms of a vocabulary."""
    return list(Term.objects.filter(scheme=scheme).values_list("slug", "public_label"))


def places_in_time(typed: str, seconds: float) -> list[tuple[int, int]]:
    """(start, end) in seconds of each "4:10 to 6:30" in what was typed, commas between several.

    `seconds`: how long the recording is. Raises Unclear.
    """
    found = []
    for part in _parts(typed):
        ends = BETWEEN.split(part)
        if len(ends) != 2:
            raise Unclear(
                gettext("“%(part)s” needs a beginning and an end, such as 4:10 to 6:30.")
                % {"part": part}
            )
        start, end = (_second(each) for each in ends)
        if end <= start:
            raise Unclear(gettext("“%(part)s” ends before it begins.") % {"part": part})
        if end > seconds + 1:
            raise Unclear(
                gettext("The recording is %(length)s long: %(time)s is after its end.")
                % {"length": clock(seconds), "time": clock(end)}
            )
        found.append((start, end))
    return found


def places_in_text(typed: str, paragraphs: int) -> list[tuple[int, int]]:
    """(first, last) paragraph, from 1, of each "3 to 5" or "7". Raises Unclear."""
    found = []
    for part in _parts(typed):
        numbers = [NUMBER.fullmatch(each) for each in BETWEEN.split(part)]
        if len(numbers) > 2 or None in numbers:
            raise Unclear(
                gettext("“%(part)s” is no paragraph. Write its number, or two: 3 to 5.")
                % {"part": part}
            )
        ends = [int(each[1]) for each in numbers if each]
        first, last = ends[0], ends[-1]
        if last < first:
            raise Unclear(gettext("“%(part)s” ends before it begins.") % {"part": part})
        if first < 1 or last > paragraphs:
            raise Unclear(
                ngettext(
                    "The story has one paragraph: there is no paragraph %(number)s.",
                    "The story has %(paragraphs)s paragraphs: there is no paragraph %(number)s.",
                    paragraphs,
                )
                % {"paragraphs": paragraphs, "number": last if first else 0}
            )
        found.append((first, last))
    return found


def as_typed(passage: Passage, spoken: bool) -> str:
    """A passage in the way in which it can be typed."""
    if spoken:
        return f"{clock(passage.start)} to {clock(passage.end)}"
    if passage.start == passage.end:
        return str(passage.start)
    return f"{passage.start} to {passage.end}"


def _parts(typed: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]|\band\b", typed) if part.strip()]


def _second(typed: str) -> int:
    match = CLOCK.fullmatch(typed.strip())
    if match is None:
        raise Unclear(
            gettext("“%(typed)s” is no time. Write minutes and seconds, such as 4:10.")
            % {"typed": typed.strip()}
        )
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return hours * 3600 + minutes * 60 + seconds


class NotesForm(forms.Form):
    """Each note has a field of its own for where it applies: WHERE and its slug."""

    content_notes = forms.MultipleChoiceField(
        label=_("Content notes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=partial(choices, Term.Scheme.CONTENT_NOTE),
    )
    note_remark = forms.CharField(
        label=_("A line beside them"),
        required=False,
        max_length=REMARK_CHARACTERS,
        help_text=_(
            "If it helps, such as: She doesn't say how. It waits until the contributor has "
            "agreed to it."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        story: Contribution,
        version: StoryVersion | None = None,
        initial: dict | None = None,
    ) -> None:
        """`version`: the one that the notes are for, once there is one."""
        self.story, self.version = story, version
        self.is_recording = story.kind == Contribution.Kind.RECORDING
        super().__init__(data, initial=initial)
        for slug, label in choices(Term.Scheme.CONTENT_NOTE):
            self.fields[WHERE + slug] = forms.CharField(
                label=gettext("Where: %(label)s") % {"label": label},
                required=False,
                max_length=MOST_TYPED,
            )

    @property
    def notes(self) -> Iterator[tuple[Any, forms.BoundField]]:
        """Each note's tick, with the field for its places."""
        for tick in self["content_notes"]:
            yield tick, self[WHERE + str(tick.data["value"])]

    @property
    def example(self) -> str:
        return "4:10 to 6:30" if self.is_recording else "3 to 5"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["passages"] = []
        for slug in data.get("content_notes", ()):
            name = WHERE + slug
            try:
                places = self._places(data.get(name, ""))
            except Unclear as unclear:
                self.add_error(name, str(unclear))
            else:
                data["passages"] += [Passage(slug, *place) for place in places]
        return data

    def _places(self, typed: str) -> list[tuple[int, int]]:
        if not typed.strip():
            return []
        if self.is_recording:
            return places_in_time(typed, self._seconds())
        return places_in_text(typed, len(paragraphs_of(self.words_going_out())))

    def _seconds(self) -> float:
        if self.version:
            return self.version.seconds
        upload = self.story.upload
        return length_of(media.renditions(upload.asset_id), upload.seconds) if upload else 0.0

    def words_going_out(self) -> str:
        """The words whose paragraphs are counted."""
        return self.version.words if self.version else self.story.private.words


def initial_of(version: StoryVersion) -> dict[str, Any]:
    """What a version says, as the form's fields have it."""
    where: dict[str, list[str]] = {}
    for kept in version.noted_passages:
        typed = as_typed(Passage(**kept), version.asset_id is not None)
        where.setdefault(WHERE + kept["note"], []).append(typed)
    return {
        "content_notes": version.content_notes,
        "note_remark": version.note_remark,
        **{name: ", ".join(places) for name, places in where.items()},
    }
