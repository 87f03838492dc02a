"""Whatever is given and taken back, in whatever order: every door follows what was said last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from stories.consent.choices import CHOICES, COVERS, said_by
from stories.consent.exits import BY_NAME
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.pages.models import StoryPage
from stories.publishing.answer import answer
from stories.publishing.tick import tick
from tests import recordings
from tests.people import Stranger, work

Look = Callable[[Stranger, StoryPage], bool]


def found(address: str, *words: str) -> Look:
    """Whether a visitor gets the page at an address, with these words in it."""

    def look(stranger: Stranger, page: StoryPage) -> bool:
        where = address.format(page=page, reference=page.contribution.reference)
        response = stranger.client.get(where)
        if response.status_code != 200:
            return False
        said = b"".join(response.streaming_content) if response.streaming else response.content
        text = said.decode(errors="replace")
        return all(word.format(page=page) in text for word in words)

    return look


def in_header(name: str, word: str) -> Look:
    def look(stranger: Stranger, page: StoryPage) -> bool:
        return word not in stranger.client.get(page.url).headers.get(name, "")

    return look


STORY, MEDIA = "{page.url}", "{page.url}media/"
PUBLISHED = ({"publish_audio"}, {"publish_video"})
VOICE = {"publish_audio", "show_unaltered_voice"}
FACE = {"publish_video", "show_face"}
# What a visitor can try, and what has to be allowed for it: one of these sets, whole.
DOORS: dict[str, tuple[Look, tuple[set[str], ...]]] = {
    "page": (found(STORY, "The garlic is up"), PUBLISHED),
    "transcript": (found(STORY, "leisure"), PUBLISHED),
    "captions": (found(MEDIA + "captions.vtt"), PUBLISHED),
    "sound": (found(MEDIA + "story.mp3"), (VOICE,)),
    "sound for the player": (found(MEDIA + "audio.m4a"), (VOICE,)),
    "picture": (found(MEDIA + "240p.mp4"), (FACE,)),
    "poster": (found(MEDIA + "poster.jpg"), (FACE,)),
    "film": (found(MEDIA + "story.mp4"), (VOICE | FACE,)),
    "list": (
        found("/stories/", "{page.url}"),
        tuple(way | {"site_search"} for way in PUBLISHED),
    ),
    "search": (
        found("/search/?q=leisure", "{page.url}"),
        tuple(way | {"site_search"} for way in PUBLISHED),
    ),
    "own name": (
        found(STORY, "Morven Baird"),
        tuple(way | {"show_name"} for way in PUBLISHED),
    ),
    "sitemap": (
        found("/sitemap.xml", "{page.url}"),
        tuple(way | {"external_search_engines"} for way in PUBLISHED),
    ),
    "structured data": (
        found(STORY, '<script type="application/ld+json">'),
        tuple(way | {"external_search_engines"} for way in PUBLISHED),
    ),
    "sharing": (
        found(STORY, 'property="og:title"'),
        tuple(way | {"social_media"} for way in PUBLISHED),
    ),
    "transcript file": (
        found("{page.url}transcript.txt"),
        tuple(way | {"transcript_download"} for way in PUBLISHED),
    ),
    "podcast": (
        found("/podcasts/stories/feed.xml", "The garlic is up"),
        (VOICE | {"podcast_syndication"},),
    ),
}
ASKED = sorted({slug for _, ways in DOORS.values() for way in ways for slug in way})
# A no to the question that covers both would make most histories short ones.
SAID = st.tuples(st.sampled_from(ASKED), st.sampled_from(["yes", "yes", "no", "later"]))


@pytest.fixture
def page(contributor, moderator) -> StoryPage:
    contributor.tell(
        "The garlic is up",
        "About the bus.",
        recording=recordings.video("mp4", 1),
        transcribe="yes",
        name="my_name",
        shown_name="Morven Baird",
    )
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    return StoryPage.objects.get()


def test_every_door_follows_the_last_word(page, stranger):
    allowed = {slug for slug in ASKED if slug in _held(page.contribution)}

    @drawn(
        max_examples=5,
        deadline=None,
        # Each history goes on from the one before, so that a shorter one shows nothing.
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(SAID, min_size=1, max_size=6))
    def follow(history):
        story = Contribution.objects.get()
        for purpose, said in history:
            answer(story, _answer(purpose, said))
            for slug in (purpose, *COVERS.get(purpose, ())):
                (allowed.add if said == "yes" else allowed.discard)(slug)
        # No worker has run: what is closed is closed with the next request.
        fresh = StoryPage.objects.get()
        for name, (look, ways) in DOORS.items():
            if not any(way <= allowed for way in ways):
                assert not look(stranger, fresh), f"{name} is open with {sorted(allowed)}"
        work()
        # Bells that came too early, while a recording was made as it was before, are rung again.
        tick()
        work()
        fresh = StoryPage.objects.get()
        for name, (look, ways) in DOORS.items():
            if any(way <= allowed for way in ways):
                assert look(stranger, fresh), f"{name} is closed with {sorted(allowed)}"
        assert ("noindex" in _robots(stranger, fresh)) is not _open(fresh, "outside_search")
        assert ("noai" in _robots(stranger, fresh)) is not _open(fresh, "ai")

    follow()


def _held(story: Contribution) -> frozenset[str]:
    from stories.consent.reading import consents_of

    return consents_of(story.contributor_key).given


def _open(page: StoryPage, exit_name: str) -> bool:
    assert exit_name in BY_NAME
    return exit_name in exits_of(page.contribution) or "page" not in exits_of(page.contribution)


def _robots(stranger: Stranger, page: StoryPage) -> str:
    response = stranger.client.get(page.url)
    return response.headers.get("X-Robots-Tag", "") if response.status_code == 200 else ""


def _answer(purpose: str, said: str) -> Answer:
    statement = current_statement(purpose)
    if purpose in CHOICES:
        options = [option for option, _ in CHOICES[purpose]]
        choice = options[0] if said == "yes" else options[-1]
        return Answer(statement, said_by(purpose, choice), choice)
    return Answer(statement, said)
