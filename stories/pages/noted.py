"""Content notes as a story's page shows them: where they apply, and the way past each passage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stories.consent.vocabulary import Term
from stories.contributions.noted import Noted, Stretch, noted_of
from stories.contributions.versions import StoryVersion
from stories.pages.clock import clock

if TYPE_CHECKING:
    from stories.pages.models import StoryPage
    from stories.pages.show import FoundCue

ANYWAY = "anyway"  # ?anyway=1 beside ?t=: to be played although it is inside a noted passage
AFTER_IT = "after-story"


@dataclass(frozen=True)
class ShownStretch:
    """A part of the story that can be skipped.

    label: where it is, in words. about: what of, in words. past: the address of the place after
    it. after: that place, in seconds or as a paragraph; None where the story ends with it.
    """

    number: int
    start: int
    after: int | None
    label: str
    about: str
    past: str

    @property
    def anchor(self) -> str:
        return f"noted-{self.number}"

    @property
    def resumes(self) -> str:
        """The second after it as a clock shows it."""
        return clock(self.after or 0)


@dataclass(frozen=True)
class ShownNote:
    """One note, and (label, anchor) of each place where it applies."""

    label: str
    places: list[tuple[str, str]]


@dataclass(frozen=True)
class Held:
    """?t= led into a noted passage, of which nobody had asked to hear. `anyway`: the way in."""

    asked: int
    stretch: ShownStretch
    anyway: str

    @property
    def clock(self) -> str:
        return clock(self.asked)


@dataclass(frozen=True)
class ShownNotes:
    """All that the page says of its notes. `remark`: our line beside them."""

    notes: list[ShownNote] = field(default_factory=list)
    stretches: list[ShownStretch] = field(default_factory=list)
    remark: str = ""
    spoken: bool = False

    @property
    def for_player(self) -> list[dict]:
        """What the player needs, as JSON has it: `after` is null where nothing comes after."""
        return [
            {"start": each.start, "after": each.after, "about": each.about}
            for each in self.stretches
        ]

    def at(self, start: float, end: float | None = None) -> ShownStretch | None:
        """The first stretch that a second, a paragraph, or the time up to `end` reaches into."""
        end = start if end is None else end
        return next(
            (
                each
                for each in self.stretches
                if each.start <= end and (each.after is None or start < each.after)
            ),
            None,
        )

    def hold(self, moment: int | None, anyway: bool) -> Held | None:
        """Set where a second that an address brought along lies in a noted passage."""
        stretch = self.at(moment) if moment is not None and self.spoken and not anyway else None
        if moment is None or stretch is None:
            return None
        return Held(moment, stretch, f"?t={moment}&{ANYWAY}=1")

    def cut(self, cues: Iterable[FoundCue]) -> list[tuple[ShownStretch | None, list[FoundCue]]]:
        """The cues in runs, each inside one stretch or in none."""
        # Times are whole seconds, so that a cue can seem to reach into what follows it.
        runs = groupby(cues, lambda cue: self.at(cue.start, max(cue.start, cue.end - 1)))
        return [(stretch, list(run)) for stretch, run in runs]


def notes_to_show(page: StoryPage, plays: bool, length: float) -> ShownNotes:
    """`plays`: there is a player. `length`: of the story, in seconds or paragraphs. No query but
    the page's own for its notes.
    """
    terms = page.content_notes
    if not terms:
        return ShownNotes()
    noted = noted_of(page.version)
    labels = {term.slug: term.label for term in terms}
    stretches = [
        _shown(number, each, noted.spoken, plays, length, labels)
        for number, each in enumerate(noted.stretches, start=1)
    ]
    shown = ShownNotes(stretches=stretches, remark=page.version.note_remark, spoken=noted.spoken)
    shown.notes.extend(ShownNote(term.label, _places(term, noted, shown)) for term in terms)
    return shown


def _shown(
    number: int, stretch: Stretch, spoken: bool, plays: bool, length: float, labels: dict[str, str]
) -> ShownStretch:
    # The last second of a recording is no place to go on from; the last paragraph is.
    ends = length - 1 if spoken else length + 1
    after = stretch.after if stretch.after < ends else None
    if after is None:
        past = f"#{AFTER_IT}"
    elif spoken:
        past = f"?t={after}#player" if plays else f"#past-{number}"
    else:
        past = f"#p{after}"
    about = joined(labels[slug] for slug in stretch.notes if slug in labels)
    label = place_label(stretch.start, stretch.after, spoken)
    return ShownStretch(number, stretch.start, after, label, about, past)


def _places(term: Term, noted: Noted, shown: ShownNotes) -> list[tuple[str, str]]:
    found = []
    for passage in noted.passages:
        stretch = shown.at(passage.start)
        if passage.note == term.slug and stretch:
            after = passage.end if noted.spoken else passage.end + 1
            found.append((place_label(passage.start, after, noted.spoken), stretch.anchor))
    return found


def place_label(start: int, after: int, spoken: bool) -> str:
    """4:10 to 6:30; paragraphs 3 to 5; paragraph 3."""
    if spoken:
        return _("%(start)s to %(end)s") % {"start": clock(start), "end": clock(after)}
    last = after - 1
    return (
        _("paragraphs %(start)s to %(last)s") % {"start": start, "last": last}
        if last > start
        else _("paragraph %(start)s") % {"start": start}
    )


def joined(labels: Iterable[str]) -> str:
    """a, b and c."""
    said = list(labels)
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def note_line(version: StoryVersion, terms: list[Term], *, paragraphs: bool = False) -> str:
    """A version's content notes (`terms`) as one line, to travel with the story; "" for none.

    Times stand in it where there are any: whoever plays the file elsewhere has no other way past.
    `paragraphs`: those of a written story too.
    """
    if not terms:
        return ""
    noted = noted_of(version)
    said = []
    for term in terms:
        places = [
            place_label(each.start, each.end if noted.spoken else each.end + 1, noted.spoken)
            for each in noted.passages
            if each.note == term.slug and (noted.spoken or paragraphs)
        ]
        said.append(f"{term.label} ({joined(places)})" if places else term.label)
    line = _("This story talks about %(what)s.") % {"what": joined(said)}
    return f"{line} {version.note_remark}".rstrip()
