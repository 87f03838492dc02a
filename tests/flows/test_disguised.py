"""A voice that is to be disguised, from sending to a change of mind, and everywhere it is heard."""

from __future__ import annotations

import pytest

from media_pipeline import api as media
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.publishing.answer import answer
from stories.publishing.remade import is_remade
from stories.publishing.tick import tick
from tests import recordings
from tests.media_pipeline import kept, voices
from tests.people import Contributor, work

VOICE = "show_unaltered_voice"


def heard(client, address, folder):
    """The sound at an address; None where there is none."""
    response = client.get(address)
    if response.status_code != 200 or not response.streaming:
        return None
    (folder / "heard.mp3").write_bytes(b"".join(response.streaming_content))
    return voices.samples(folder / "heard.mp3")


def say(story, choice, person=None):
    said = "yes" if choice == "own" else "no"
    answer(story, Answer(current_statement(VOICE), said, choice), person=person)


@pytest.fixture
def ways(contributor, moderator, stranger):
    """Every address of the sound, and who may go there: private ones first."""
    story = Contribution.objects.get

    def found():
        reference = story().reference
        return {
            "theirs": (contributor.client, "/my-story/media/story.mp3"),
            "desk": (moderator.client, f"/admin/contributions/{reference}/media/story.mp3"),
            "page": (stranger.client, f"{(stranger.stories() or ['/x/'])[0]}media/story.mp3"),
            "podcast": (stranger.client, f"/podcasts/stories/{reference}.mp3"),
        }

    return found


def test_nobody_hears_the_real_voice_and_who_told_it_looks_first(
    contributor, moderator, stranger, ways, tmp_path
):
    path = recordings.sound("mp3", 1)
    contributor.tell("About the bus", recording=path, voice="disguised")
    work()
    sent = voices.samples(path)

    def alike():
        found = {}
        for name, (client, address) in ways().items():
            sound = heard(client, address, tmp_path)
            if sound is not None:
                found[name] = voices.likeness(sent, sound)
        return found

    assert set(alike()) == {"theirs", "desk"}
    assert max(alike().values()) < 0.85
    reference = moderator.waiting()[0]
    desk = moderator.client.get(f"/admin/contributions/{reference}/").content.decode()
    assert "A voice disguise" in desk
    moderator.approve(reference)
    work()
    assert stranger.stories() == []
    page = contributor.client.get("/my-story/agree/").content.decode()
    assert "/my-story/media/story.mp3" in page
    assert "may still recognise" in page
    contributor.client.post("/my-story/original/", {"keep": "no"})
    contributor.agree()
    work()
    assert set(alike()) == {"theirs", "desk", "page", "podcast"}
    assert max(alike().values()) < 0.85
    assert len(kept.names("originals")) == 2
    tick()
    assert kept.names("originals") == []  # what was sent, and what was disguised on the way


def test_a_voice_that_is_disguised_later_goes_out_once_it_is_agreed_to(
    contributor, moderator, stranger, ways, tmp_path
):
    path = recordings.sound("mp3", 1)
    contributor.tell("About the bus", recording=path)
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    story, sent = Contribution.objects.get(), voices.samples(path)
    assert voices.likeness(sent, heard(*ways()["page"], tmp_path)) > 0.95
    say(story, "disguised")
    # With the answer itself, and before any worker has run.
    assert [name for name, way in ways().items() if heard(*way, tmp_path) is not None] == []
    work()
    assert [name for name, way in ways().items() if heard(*way, tmp_path) is not None] == [
        "theirs",
        "desk",
    ]
    assert is_remade(story)
    desk = f"/admin/contributions/{story.reference}/"
    assert "made anew" in moderator.client.get(desk).content.decode()
    moderator.client.post(desk + "remade/")
    assert not Contribution.objects.get().private.objection
    contributor.agree()
    tick()
    work()
    for name, way in ways().items():
        assert voices.likeness(sent, heard(*way, tmp_path)) < 0.85, name
    # And back: nothing less than their word opens it again, as it was agreed to before.
    say(Contribution.objects.get(), "own")
    work()
    tick()
    work()
    assert media.info(story.upload.asset_id).voice == "own"


def test_the_strictest_wish_of_all_counts(contributor, moderator, stranger, ways, tmp_path):
    from stories.contributions.participants import Participant

    contributor.tell("Two of us", recording=recordings.sound("mp3", 1), others="Dougie")
    person = Participant.objects.get()
    story = Contribution.objects.get()
    assert media.wished(story.upload.asset_id) == ("own", "as_is")
    say(story, "disguised", person)
    assert media.wished(story.upload.asset_id) == ("disguised", "as_is")
    say(story, "words_only", person)
    assert media.wished(story.upload.asset_id) == ("none", "as_is")
    say(story, "own", person)
    assert media.wished(story.upload.asset_id) == ("own", "as_is")


def test_words_only_is_words_only(moderator, stranger, contributor: Contributor):
    contributor.tell(
        "About the bus", recording=recordings.sound("mp3", 1), voice="words_only", transcribe="yes"
    )
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = stranger.stories()
    page = stranger.client.get(address).content.decode()
    assert "leisure" in page
    assert "media/story.mp3" not in page
    assert kept.names("renditions") == []
