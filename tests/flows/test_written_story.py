"""A written story, from the form to the site and back."""

from __future__ import annotations

from stories.contributions.models import Contribution
from tests.people import work

WORDS = "The bus stops at the allotment.\n\nMarmalade kept me going, and so did Alec."


def test_a_written_story_is_told_approved_found_and_taken_back(contributor, moderator, stranger):
    contributor.tell("The bus to the allotment", WORDS, shown_name="Morven")
    assert stranger.stories() == []

    [reference] = moderator.waiting()
    moderator.approve(reference, themes=["hope"], content_notes=["bereavement"])
    work()

    [address] = stranger.stories()
    page = stranger.client.get(address).content.decode()
    assert "The bus to the allotment" in page
    assert "Morven" in page
    assert "bereavement" in page
    for page in ("0", "999", "9" * 5000, "-1", "two"):
        assert stranger.client.get("/search/", {"q": "marmalade", "page": page}).status_code == 200
    found = stranger.search("marmalade")
    assert "<mark>Marmalade</mark>" in found
    assert f'{address}?find=marmalade#p2"' in found

    assert "on the site" in contributor.my_page()
    contributor.destroy()
    # Hidden by the deciding transaction, before any worker has run.
    assert stranger.client.get(address).status_code == 410
    assert stranger.stories() == []
    assert address not in stranger.search("marmalade")

    work()
    assert stranger.client.get(address).status_code == 410
    assert Contribution.objects.get(reference=reference).state == "erased"
    assert "It is all gone" in contributor.my_page()
