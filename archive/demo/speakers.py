"""Who speaks in a demonstration story, written into the words that a computer heard in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import cycle

from django.test import Client
from django.urls import reverse

from archive.demo.stories import DemoStory
from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.spoken import hash_of, heard


def name_speakers(desk: Client, reference: str, story: DemoStory) -> None:
    """As a moderator does it by hand, at the desk's page for the words."""
    upload = Contribution.objects.get(reference=reference).upload
    cues = heard(upload.asset_id if upload else None)
    names = who_speaks([cue.text for cue in cues], story.paragraphs, story.speakers)
    named = [replace(cue, speaker=name) for cue, name in zip(cues, names, strict=True)]
    words = {"do": "text", "heard": hash_of(cues), "words": media.as_webvtt(named)}
    desk.post(reverse("desk_words", args=[reference]), words)


def who_speaks(cues: Sequence[str], said: Sequence[str], speakers: Sequence[str]) -> list[str]:
    """For each cue the speaker of the paragraph that most of its words are from.

    said: the paragraphs, which the speakers take by turns. A computer mishears some words; a cue
    in which it misheard all goes with the one before.
    """
    turns = zip(said, cycle(speakers), strict=False)
    known = [(word, speaker) for paragraph, speaker in turns for word in _words(paragraph)]
    caught = [(word, number) for number, cue in enumerate(cues) for word in _words(cue)]
    votes: list[Counter[str]] = [Counter() for _ in cues]
    same = SequenceMatcher(None, [word for word, _ in known], [word for word, _ in caught], False)
    for first, second, size in same.get_matching_blocks():
        for at in range(size):
            votes[caught[second + at][1]][known[first + at][1]] += 1
    names: list[str] = []
    for vote in votes:
        names.append(vote.most_common(1)[0][0] if vote else names[-1] if names else speakers[0])
    return names


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
