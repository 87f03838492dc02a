"""What is offered while somebody types: of stories that may be found, and of no others."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from search import api as search
from tests.people import Contributor, work

SAID = [
    "We had a cup of tea at the peer support group. Jean Marrowby came.",
    "I found peer support on a Tuesday, and then Jean Marrowby left.",
    "The peer support group met upstairs with jean Marrowby.",
]


@dataclass
class Tellers:
    people: list[Contributor]

    def suggested(self, stranger, typed: str) -> dict[str, str]:
        """{text: what it is}."""
        response = stranger.client.get("/search/suggestions/", {"q": typed})
        assert response.status_code == 200
        assert response["Content-Type"] == "application/x-suggestions+json"
        echo, texts, kinds = response.json()
        assert echo == typed
        return dict(zip(texts, kinds, strict=True))


@pytest.fixture
def tellers(moderator) -> Tellers:
    people = [
        Contributor().tell(f"The garlic is up {number}", words) for number, words in enumerate(SAID)
    ]
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["peer-support"])
    work()
    return Tellers(people)


def test_titles_themes_and_phrases_and_nothing_of_who_left(tellers, stranger):
    found = tellers.suggested(stranger, "peer")
    assert found["Peer support"] == "A theme"
    assert "peer support" not in found  # the same words again
    found = tellers.suggested(stranger, "peer support g")
    assert found == {}  # only two people say it
    found = tellers.suggested(stranger, "garlic")
    assert list(found.values()) == ["A story"] * 3
    assert tellers.suggested(stranger, "hope") == {}  # a theme of no story
    for typed in ("jean", "jean m", "marr"):
        assert tellers.suggested(stranger, typed) == {}
    for typed in ("", " ", "p", '"', "-", "*"):
        assert tellers.suggested(stranger, typed) == {}

    tellers.people[0].client.post("/my-story/rest/")
    assert "The garlic is up 0" not in tellers.suggested(stranger, "garlic")
    for person in tellers.people[1:]:
        person.take_down()
    for typed in ("peer", "garlic", "peer s"):
        assert tellers.suggested(stranger, typed) == {}


def test_a_phrase_needs_three_people_who_may_be_found(moderator, stranger):
    """Hidden at once, whatever the index holds; and who tells two stories is one person."""
    same = {"email": "jo@example.org"}
    people = [
        Contributor().tell("One", "The kettle was on.", **same),
        Contributor().tell("Two", "Always the kettle was on!", **same),
        Contributor().tell("Three", "Then the kettle was on again"),
    ]
    for reference in moderator.waiting():
        moderator.approve(reference)
    work()
    tellers = Tellers(people)
    assert tellers.suggested(stranger, "kettle") == {}
    people.append(Contributor().tell("Four", "And so the kettle was on."))
    moderator.approve(moderator.waiting()[0])
    work()
    assert tellers.suggested(stranger, "kettle") == {}  # "was" and "on" end no phrase
    assert tellers.suggested(stranger, "the ket") == {"the kettle": "People say"}
    people[2].take_down()
    assert tellers.suggested(stranger, "the ket") == {}
    assert any("kettle" in text for _, text in search.stored_texts())
