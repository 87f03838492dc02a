"""Who may need a person to talk to is told whom to call, above what was found."""

from __future__ import annotations

import pytest

from archive.templatetags.help import distress
from tests.people import work


@pytest.mark.parametrize(
    "typed",
    [
        "suicide",
        "Suicidal thoughts",
        "sucidal",
        "I JUST want to DIE",
        "i don\u2019t want to live anymore",
        "i dont want to live",
        "how to kill myself",
        "killing my self",
        "wanted to end it all",
        "self-harm",
        "selfharming scars",
        "I keep cutting myself",
        "my boyfriend hits me",
        "he's hurting me!",
        "I\u2019m scared to go home",
        "\uff53\uff55\uff49\uff43\uff49\uff44\uff45",
        "suicíde",
    ],
)
def test_words_that_suggest_distress(typed):
    assert distress().is_in(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hope",
        "hope -suicide",
        "dying to sing",
        "life on my own terms",
        "living with diabetes",
        "my home",
        "hit the road",
        "the end of my tether",
        "cut flowers",
        "harmony",
        '"',
        "-" * 5_000,
    ],
)
def test_words_that_do_not(typed):
    assert not distress().is_in(typed)


def test_help_lines_stand_above_the_stories_and_hide_none(contributor, moderator, stranger):
    contributor.tell("After", "Suicide was never far from me that winter. I could wait.")
    moderator.approve(moderator.waiting()[0])
    work()
    [story] = stranger.stories()
    page = stranger.search("suicide")
    assert page.index("If today is hard") < page.index("116 123") < page.index(story)
    page = stranger.search("i want to die in winter")  # one slip from "wait"
    assert "116 123" in page.partition("<main")[2].partition("</main>")[0]
    assert "Did you mean" not in page
    page = stranger.search("kill myself xyzzy")
    assert "116 123" in page.partition("<main")[2].partition("</main>")[0]
    page = stranger.search("winter").partition("<main")[2].partition("</main>")[0]
    assert story in page
    assert "If today is hard" not in page
