"""Does the picture say what the sound doesn't? Words for it go out agreed, and with the picture."""

from __future__ import annotations

from archive.housekeeping import Report
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution, Upload
from stories.contributions.spoken import hash_of, heard
from stories.publishing.answer import answer
from stories.publishing.manifest import write
from stories.publishing.scan.fingerprint import shingles
from stories.publishing.words import approve_words, give
from tests import recordings
from tests.people import work

SEEN = "She holds up a seed packet: Aquadulce, 1974.\n\nBehind her is a shed < with a bike."


def test_what_is_to_be_seen_goes_out_agreed_and_leaves_with_the_picture(
    contributor, moderator, stranger
):
    contributor.tell("The garlic is up", recording=recordings.video("mp4", 2), transcribe="no")
    work()
    story = Contribution.objects.get()
    at = f"/admin/contributions/{story.reference}/picture/"
    assert moderator.client.get(at).status_code == 404, "nothing is approved yet"
    moderator.approve(story.reference)
    work()
    [address] = stranger.stories()

    def shown(client=stranger.client, where=address) -> str:
        return client.get(where).content.decode()

    desk = f"/admin/contributions/{story.reference}/"
    assert "Nobody has looked yet" in shown(moderator.client, desk)
    for bad in ({}, {"says": "yes"}, {"says": "yes", "words": "x" * 2001}):
        refused = moderator.client.post(at, bad)
        assert refused.status_code == 422
        assert bad.get("words", "") in refused.content.decode()
    assert Report.now().pictures
    moderator.client.post(at, {"says": "no"})
    assert not Report.now().pictures
    assert "Nobody has looked yet" not in shown(moderator.client, desk)
    assert story.versions.count() == 1, "nothing was to be agreed to"

    moderator.client.post(at, {"says": "yes", "words": SEEN})
    assert "seed packet" not in shown()
    asked = shown(contributor.client, "/my-story/agree/")
    assert "What is to be seen" in asked
    assert "shed &lt; with a bike" in asked
    assert "Underlined" not in asked, "of what they told nothing was changed"
    contributor.agree()
    work()
    assert "shed &lt; with a bike" in shown()
    assert "seed packet" in shown(where=f"{address}?as=listen")

    subtitles = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHere they are.\n"
    assert [page.contribution for page in Report.now().captions] == [story]
    give(story, subtitles, Upload.WordsFrom.CONTRIBUTOR)
    approve_words(story, None, hash_of(heard(story.upload.asset_id)))
    assert not Report.now().captions

    # What is looked for afterwards in files and logs has these words too.
    assert shingles(SEEN) <= set(write(story).data["shingles"])
    answer(story, Answer(current_statement("show_face"), "no"))
    work()
    assert "seed packet" not in shown()
