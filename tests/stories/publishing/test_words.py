"""Words of a recording: taken back, come late, put right, given by their teller; and agreed."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline import api as media
from media_pipeline import words as pipeline
from media_pipeline.models import MediaAsset, MediaJob
from media_pipeline.transcriber import Word
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.spoken import hash_of, heard
from stories.contributions.states import State
from stories.pages.models import StoryPage
from stories.publishing.agree import say_no, version_to_agree
from stories.publishing.answer import answer
from stories.publishing.rename import rename
from stories.publishing.words import HeardOtherwise, approve_words, are_new, give
from tests import recordings
from tests.people import work

SPOKEN = "We planted garlic by the wall"
VTT = "WEBVTT\n\n00:00.500 --> 00:02.500\n{}\n"


@pytest.fixture
def told(contributor) -> Contribution:
    contributor.tell("A reading", recording=recordings.sound("mp3", 1))
    work()
    return Contribution.objects.get()


def machine_hears(story: Contribution, said: str = SPOKEN) -> None:
    """As a worker writes it down; of the last word it is not sure."""
    texts = said.split()
    sure = [0.9] * (len(texts) - 1) + [0.2]
    spoken = [
        Word(number * 0.4, number * 0.4 + 0.3, text, at)
        for number, (text, at) in enumerate(zip(texts, sure, strict=True))
    ]
    cue = media.Cue(0.0, 2.5, said, tuple(spoken))
    pipeline.keep(MediaAsset.objects.get(pk=story.upload.asset_id), [cue], pipeline.MACHINE)


def let_out(story: Contribution, moderator) -> str:
    moderator.approve(story.reference)
    work()
    return StoryPage.objects.get(contribution=story).url


def say(story: Contribution, said: str) -> None:
    answer(story, Answer(current_statement("automatic_transcription"), said))


def job(story: Contribution) -> MediaJob:
    return MediaJob.objects.get(asset_id=story.upload.asset_id, stage="transcribe")


def page(client, address: str) -> str:
    return client.get(address).content.decode()


def test_taking_recognition_back_takes_what_was_heard_at_once(told, moderator, stranger):
    say(told, "yes")
    assert job(told).state == "ready"
    machine_hears(told)
    MediaJob.objects.filter(pk=job(told).pk).update(state="done")
    address = let_out(told, moderator)
    assert SPOKEN in page(stranger.client, address)
    assert address in stranger.search("garlic")
    say(told, "no")  # and no worker runs
    assert heard(told.upload.asset_id) == []
    assert job(told).state == "cancelled"
    assert "captions.vtt" not in media.renditions(told.upload.asset_id)
    assert SPOKEN not in page(stranger.client, address)
    assert "garlic" not in page(stranger.client, address)
    assert address not in stranger.search("garlic")
    work()
    assert address not in stranger.search("garlic")
    assert address in stranger.search("reading")
    say(told, "yes")
    assert job(told).state == "ready"


def test_words_that_come_late_go_out_when_both_have_looked(told, contributor, moderator, stranger):
    address = let_out(told, moderator)
    contributor.client.get(contributor.link)
    machine_hears(told)
    assert told.reference in moderator.queue("words")
    desk = f"/admin/contributions/{told.reference}/words/"
    read = page(moderator.client, desk)
    assert re.search(r'<mark class="unsure">wall<', read)
    assert "not sure of 1 word" in read
    seen = re.search(
        r'name="do" value="approve"><input type="hidden" name="heard" value="(\w+)"', read
    )
    moderator.client.post(desk, {"do": "approve", "heard": seen[1]})
    assert told.reference not in moderator.queue("words")
    assert SPOKEN not in page(stranger.client, address)
    told.refresh_from_db()
    waits = version_to_agree(told)
    look = page(contributor.client, "/my-story/agree/")
    assert re.search(r'<mark class="unsure">wall<', look)
    contributor.client.post("/my-story/agree/", {"version": waits.number, "answer": "yes"})
    shown = page(stranger.client, address)
    assert SPOKEN in shown
    assert "unsure" not in shown
    work()
    assert address in stranger.search("garlic")
    assert stranger.client.get(f"{address}media/captions.vtt").status_code == 200


def test_a_no_to_late_words_leaves_the_story_as_it_was(told, moderator, stranger):
    address = let_out(told, moderator)
    machine_hears(told)
    user = get_user_model().objects.get()
    with pytest.raises(HeardOtherwise):
        approve_words(told, user, "what somebody else read")
    approve_words(told, user, hash_of(heard(told.upload.asset_id)))
    told.refresh_from_db()
    say_no(told, "That is not what I said.")
    work()
    told.refresh_from_db()
    assert told.state == State.PUBLISHED
    assert version_to_agree(told) is None
    assert SPOKEN not in page(stranger.client, address)
    assert "That is not what I said." in page(
        moderator.client, f"/admin/contributions/{told.reference}/"
    )
    # Renamed while other words wait: the name in force is what changes, at once.
    approve_words(told, user, hash_of(heard(told.upload.asset_id)))
    rename(told, current_statement("show_name"), "chosen", "Skye")
    assert version_to_agree(told) is None
    assert are_new(told)


def test_the_contributors_own_words_go_out_once_they_were_read(
    told, contributor, moderator, stranger
):
    contributor.client.get(contributor.link)
    mine = "/my-story/words/"
    bad = SimpleUploadedFile("me.vtt", b"WEBVTT\n\n00:05.000 --> 00:04.000\nMy secret\n")
    refused = contributor.client.post(mine, {"file": bad})
    assert refused.status_code == 422
    assert "In line 3 a subtitle ends before it begins" in refused.content.decode()
    machine_hears(told, "Something that nobody said")
    address = let_out(told, moderator)
    file = SimpleUploadedFile("my name.vtt", VTT.format(SPOKEN).encode())
    contributor.client.post(mine, {"file": file})
    shown = page(stranger.client, address)
    assert SPOKEN not in shown
    assert "nobody said" not in shown
    told.refresh_from_db()
    version = approve_words(
        told, get_user_model().objects.get(), hash_of(heard(told.upload.asset_id))
    )
    assert version.agreed_at
    assert SPOKEN in page(stranger.client, address)
    say(told, "no")  # about recognition, and not about their own words
    assert SPOKEN in page(stranger.client, address)


def test_what_a_moderator_put_right_waits_for_the_contributor(told, moderator):
    machine_hears(told)
    desk = f"/admin/contributions/{told.reference}/words/"
    seen = {"do": "text", "heard": hash_of(heard(told.upload.asset_id))}
    moderator.client.post(desk, seen | {"words": VTT.format(f"{SPOKEN}, and leeks")})
    assert [cue.text for cue in heard(told.upload.asset_id)] == [f"{SPOKEN}, and leeks"]
    # Somebody else had the page open with the words from before.
    late = moderator.client.post(desk, seen | {"words": VTT.format("Other words")})
    assert late.status_code == 409
    assert "Other words" in late.content.decode()
    moderator.approve(told.reference)
    told.refresh_from_db()
    assert told.state == State.APPROVED
    assert version_to_agree(told).cues_sha256 == hash_of(heard(told.upload.asset_id))


def test_a_written_story_has_no_words_to_give(contributor, moderator):
    contributor.tell()
    story = Contribution.objects.get()
    assert moderator.client.get(f"/admin/contributions/{story.reference}/words/").status_code == 404
    with pytest.raises(NotPossible):
        give(story, VTT.format("x").encode(), "moderator")
