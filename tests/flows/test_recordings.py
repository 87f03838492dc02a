"""What voice and face let out of a recording, byte by byte."""

from __future__ import annotations

import pytest

from media_pipeline import api as media
from stories.contributions.models import Contribution
from tests import recordings
from tests.people import Contributor, Moderator, Stranger, work

SOUND = {"audio.m3u8", "audio.m4a", "story.mp3", "peaks.json"}
PICTURE = {"240p.m3u8", "240p.mp4", "poster.jpg", "storyboard.jpg", "storyboard.vtt"}
PICTURE |= {f"poster-{number}.jpg" for number in (1, 2, 3)}
BOTH = {"story.mp4"}
WORDS = {"captions.vtt", "master.m3u8"}


def published(contributor: Contributor, moderator: Moderator, stranger: Stranger, **answers) -> str:
    answers = {"transcribe": "yes"} | answers
    contributor.tell("A film of a reading", recording=recordings.video("mp4", 2), **answers)
    work()
    moderator.approve(moderator.waiting()[0])
    if Contribution.objects.get().state == "approved":  # what was disguised is looked at first
        assert stranger.stories() == []
        contributor.agree()
    work()
    [address] = stranger.stories()
    return address


def reachable(stranger: Stranger, address: str) -> set[str]:
    return {
        name
        for name in media.NEEDS
        if stranger.client.get(f"{address}media/{name}").status_code == 200
    }


@pytest.mark.parametrize(
    ("answers", "let_out"),
    [
        ({}, SOUND | PICTURE | BOTH | WORDS),
        ({"voice": "disguised", "face": "no_picture"}, SOUND | {"captions.vtt"}),
        ({"voice": "words_only"}, PICTURE | WORDS),
        ({"voice": "words_only", "face": "no_picture"}, {"captions.vtt"}),
    ],
    ids=["all", "disguised", "silent", "words only"],
)
def test_only_what_was_agreed_has_an_address(
    contributor, moderator, stranger, answers, let_out, django_assert_max_num_queries
):
    address = published(contributor, moderator, stranger, **answers)
    assert reachable(stranger, address) == let_out
    with django_assert_max_num_queries(12):
        page = stranger.client.get(address).content.decode()
    assert "leisure to consider" in page  # the transcript, of every one of them
    for name in SOUND | PICTURE | BOTH:
        if name not in let_out:
            assert f"media/{name}" not in page


def test_without_leave_nothing_is_written_down(contributor, moderator, stranger):
    address = published(contributor, moderator, stranger, transcribe="no")
    upload = Contribution.objects.get().upload
    assert media.cues(upload.asset_id) == []
    assert "leisure" not in stranger.client.get(address).content.decode()
    assert address not in stranger.search("leisure")


def test_before_approval_and_after_a_pause_nothing_has_an_address(contributor, moderator, stranger):
    address = published(contributor, moderator, stranger)
    contributor.client.post("/my-story/rest/")
    # The deciding transaction closes; no step has run.
    assert reachable(stranger, address) == set()
    reference = Contribution.objects.get().reference
    desk = f"/admin/contributions/{reference}/media/story.mp3"
    assert moderator.client.get(desk).status_code == 200
    contributor.destroy()
    assert moderator.client.get(desk).status_code == 404


def test_the_recording_and_its_page_are_private_until_published(contributor, moderator, stranger):
    contributor.tell(recording=recordings.sound("mp3", 1))
    work()
    [reference] = moderator.waiting()
    assert contributor.client.get("/my-story/media/story.mp3").status_code == 200
    desk = f"/admin/contributions/{reference}/media/story.mp3"
    assert moderator.client.get(desk).status_code == 200
    assert stranger.client.get(desk).status_code == 302
    assert stranger.client.get("/my-story/media/story.mp3").status_code == 200  # "Come in", a page
    assert b"Come in" in stranger.client.get("/my-story/media/story.mp3").content


def test_what_was_declined_stays_private_and_theirs(contributor, moderator, stranger):
    contributor.tell(recording=recordings.sound("mp3", 1))
    work()
    moderator.decline(moderator.waiting()[0], reason="other", letter="We are sorry.")
    work()
    assert contributor.client.get("/my-story/media/story.mp3").status_code == 200
    assert stranger.stories() == []
