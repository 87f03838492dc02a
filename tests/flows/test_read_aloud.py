"""Words only, read aloud by a computer's voice: from the choice to the page, and other words."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from media_pipeline import api as media
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.contributions.spoken import hash_of
from stories.publishing import words
from stories.publishing.answer import answer
from tests import recordings
from tests.media_pipeline import kept, voices
from tests.people import work

SAID = (
    "WEBVTT\n\n00:00.100 --> 00:00.500\nThe bus was {}, and I walked home.\n\n"
    "00:00.500 --> 00:00.900\nThen I slept.\n"
)


def sound(client, address, folder):
    response = client.get(address)
    if response.status_code != 200:
        return b""
    return b"".join(response.streaming_content)


def test_a_computer_reads_what_was_checked_and_who_told_it_listens_first(
    contributor, moderator, stranger, tmp_path
):
    path = recordings.sound("mp3", 1)
    contributor.tell("About the bus", recording=path, voice="words_spoken", transcribe="no")
    work()
    story = Contribution.objects.get()
    desk = f"/admin/contributions/{story.reference}/"
    assert "There are no words to read aloud yet" in moderator.client.get(desk).content.decode()

    def write(how: str) -> None:
        file = SimpleUploadedFile("words.vtt", SAID.format(how).encode())
        moderator.client.post(desk + "words/", {"do": "file", "file": file})

    write("slow")
    work()
    write("late")
    moderator.approve(story.reference)  # before it was read anew: nothing exact to approve
    assert not story.versions.exists()
    work()
    page = moderator.client.get(desk).content.decode()
    assert "A computer&#x27;s voice reads the words" in page
    slept = media.read_aloud(story.upload.asset_id)[1]
    assert slept.start > 1.5  # it was said within a second, and takes longer to be read
    assert f'data-seek="{slept.start}"' in page
    read = sound(moderator.client, desk + "media/story.mp3", tmp_path)
    (tmp_path / "read.mp3").write_bytes(read)
    assert voices.likeness(voices.samples(path), voices.samples(tmp_path / "read.mp3")) < 0.85
    moderator.approve(story.reference)
    work()
    assert stranger.stories() == []
    page = contributor.client.get("/my-story/agree/").content.decode()
    assert "It is as you chose" in page or "We changed something" in page
    assert "A computer&#x27;s voice reads the words" in page
    assert sound(contributor.client, "/my-story/media/story.mp3", tmp_path) == read
    contributor.agree()
    work()
    [address] = stranger.stories()
    page = stranger.client.get(address).content.decode()
    assert "A computer's voice reads what" in page
    assert "media/spoken.vtt" in page
    assert "walked home" in page
    assert sound(stranger.client, f"{address}media/story.mp3", tmp_path) == read
    assert sound(stranger.client, f"/podcasts/stories/{story.reference}.mp3", tmp_path) == read
    captions = stranger.client.get(f"{address}media/spoken.vtt")
    version, asset = story.versions.get(), story.upload.asset_id
    assert version.voice == "spoken"
    assert version.seconds == media.renditions(asset)["audio.m4a"].seconds
    assert b"00:00:00.000 -->" in b"".join(captions.streaming_content)

    # Other words: what reads the old ones is gone with them, and the new wait for a yes.
    write("early")
    assert sound(stranger.client, f"{address}media/story.mp3", tmp_path) == b""
    work()
    page = moderator.client.get(desk + "words/").content.decode()
    heard = re.search(r'name="heard" value="(\w+)"', page)[1]
    moderator.client.post(desk + "words/", {"do": "approve", "heard": heard})
    work()
    assert sound(stranger.client, f"{address}media/story.mp3", tmp_path) == b""
    assert "early" not in stranger.client.get(address).content.decode()
    contributor.agree()
    work()
    again = sound(stranger.client, f"{address}media/story.mp3", tmp_path)
    assert again not in {b"", read}
    assert "early" in stranger.client.get(address).content.decode()
    contributor.take_down()
    work()
    assert sound(stranger.client, f"{address}media/story.mp3", tmp_path) == b""
    contributor.destroy()
    work()
    assert kept.names("renditions") == []
    assert media.remnants(asset) == []


def test_whose_words_are_their_own_listens_all_the_same(contributor, moderator, stranger):
    path = recordings.sound("mp3", 1)
    contributor.tell("About the bus", recording=path, voice="words_spoken")
    story = Contribution.objects.get()
    words.give(story, SAID.format("late").encode(), words.From.CONTRIBUTOR)
    work()
    moderator.approve(story.reference)
    work()
    assert stranger.stories() == []
    contributor.agree()
    words.give(story, SAID.format("early").encode(), words.From.CONTRIBUTOR)
    work()
    said = hash_of(media.cues(story.upload.asset_id))
    assert words.approve_words(story, None, said).agreed_at is None


def test_it_is_offered_only_where_it_can_be_done(contributor, monkeypatch):
    from media_pipeline import aloud

    contributor.tell("About the bus", recording=recordings.sound("mp3", 1))
    address = "/my-story/agreed/show_unaltered_voice/"
    assert "words_spoken" in contributor.client.get(address).content.decode()
    monkeypatch.setattr(aloud, "VOICE", "no-such-voice")
    assert "words_spoken" not in contributor.client.get(address).content.decode()
    said = {"answer": "words_spoken", "choice": "words_spoken"}
    assert contributor.client.post(address, said).status_code == 422


def test_a_film_that_is_only_to_be_heard_is_read_aloud(contributor, moderator):
    """Beside a picture nothing is read; but nobody is to see this one."""
    path = recordings.video("mp4", 1)
    contributor.tell("A film", recording=path, voice="words_spoken", publish_video="no")
    story = Contribution.objects.get()
    file = SimpleUploadedFile("words.vtt", SAID.format("slow").encode())
    address = f"/admin/contributions/{story.reference}/words/"
    moderator.client.post(address, {"do": "file", "file": file})
    work()
    made = media.renditions(story.upload.asset_id)
    assert made["story.mp3"].voice == "spoken"
    assert not media.silent_film(made)
    answer(story, Answer(current_statement("publish_video"), "yes"))
    work()
    made = media.renditions(story.upload.asset_id)
    assert media.silent_film(made)
    assert "story.mp3" not in made
