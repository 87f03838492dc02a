"""The manifest: enough to find every passage again, and no word of it."""

from __future__ import annotations

import json
import random

import pytest

from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.publishing import manifest
from stories.publishing.ledger import Manifest
from stories.publishing.scan.files import matches_in_file
from stories.publishing.scan.fingerprint import shingles, words_of
from stories.publishing.scan.layers import layers
from stories.publishing.scan.wanted import NAME, WORDS, Reader, Wanted
from stories.publishing.withdraw import withdraw

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
PASSAGE = (
    "Jean put café flowers — and another note — through the wettest door of "
    f"Thursday{APOSTROPHE}s street"
)


def sent(contributor, title: str, words: str, **answers) -> Contribution:
    contributor.tell(title, words, **answers)
    return Contribution.objects.get()


def found(text: str) -> set[str]:
    wanted = Wanted(Manifest.objects.select_related("contribution"))
    return {match.what for match in Reader(wanted).read(text)}


def test_it_is_written_when_a_story_is_taken_back_and_holds_no_word(contributor):
    story = sent(contributor, "Garlic up early this year", PASSAGE, email="morag@example.org")
    Participant.ask(story, "Dougal McTavish")
    withdraw(story)
    data = json.dumps(Manifest.objects.get().data).casefold()
    for word in {*words_of(PASSAGE), "garlic", "morag", "dougal"} - set("0123456789abcdef"):
        assert word not in data or len(word) < 4
    assert found("somebody wrote garlic up early this year again") == {WORDS}
    assert found("to: morag@example.org") == {WORDS}
    assert found("with Dougal McTavish and others") == {NAME}
    assert found("with Dougal Smith, garlic up early") == set()


@pytest.mark.parametrize(
    "copied",
    [
        PASSAGE.upper(),
        PASSAGE.replace("é", "e\N{COMBINING ACUTE ACCENT}"),
        json.dumps({"said": PASSAGE}),
        json.dumps(json.dumps(PASSAGE.replace(" — ", "\n\n"))),
        PASSAGE.replace(APOSTROPHE, "&#8217;")
        .replace("—", "&mdash;")
        .replace("wettest", "<b>wettest</b>"),
        PASSAGE.replace(" ", "_"),
    ],
)
def test_a_passage_is_found_however_it_was_copied(contributor, copied):
    withdraw(sent(contributor, "Garlic", PASSAGE))
    assert found(copied) == {WORDS}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_words_and_letters_cut_by_a_border_are_found(contributor, size):
    withdraw(sent(contributor, "Garlic", PASSAGE))
    wanted = Wanted(Manifest.objects.select_related("contribution"))
    raw = ("é" * 5 + " " + PASSAGE).encode()
    pieces = (raw[at : at + size] for at in range(0, len(raw), size))
    matches, read = matches_in_file(wanted, pieces)
    assert {match.what for match in matches} == {WORDS}
    assert read == len(raw)


def test_what_the_site_itself_says_is_not_looked_for(contributor):
    ours = "You can change your mind any day, without a reason, and it leaves our site at once."
    withdraw(sent(contributor, "Their own words", f"{ours} {PASSAGE}"))
    assert found(ours) == set()
    assert found(PASSAGE) == {WORDS}


def test_a_very_long_story_is_found_at_every_place(contributor):
    draw = random.Random(4)  # noqa: S311
    words = [f"word{draw.randrange(5000)}" for _ in range(60_000)]
    story = sent(contributor, "Garlic", "Short for now.")
    story.keep(words=" ".join(words))
    manifest.write(story)
    assert len(Manifest.objects.get().data["shingles"]) == len(shingles(" ".join(words)))
    for at in (0, 31_000, 59_992):
        assert found(" ".join(words[at : at + 8])) == {WORDS}
        assert found(" ".join(words[at : at + 7])) == set()


def test_a_packed_value_that_is_none_is_read_as_it_is():
    assert list(layers("a" * 30)) != []
    assert list(layers(b"\xff\x00plain")) == ["\N{REPLACEMENT CHARACTER}\x00plain"]
