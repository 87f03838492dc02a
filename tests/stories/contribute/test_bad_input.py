"""Whatever somebody sends, they get a plain sentence and lose nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stories.contributions.models import Contribution
from tests import recordings
from tests.faults import door_to
from tests.people import FORM, Contributor

WORDS = "Words that took courage to write.\n\nAnd a second paragraph."


def draft() -> Contribution:
    return Contribution.objects.get()


def upload(contributor: Contributor, name: str, content: bytes, transcribe: str = "yes"):
    answers = {"file": SimpleUploadedFile(name, content), "transcribe": transcribe}
    return contributor.client.post(FORM + "recording/", answers)


def picture() -> bytes:
    path = recordings.ROOM / "picture.png"
    recordings.run("-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", path)
    return path.read_bytes()


BAD_FILES = {
    "empty": ("story.mp3", lambda: b"", "empty"),
    "text named mp4": ("story.mp4", lambda: b"Dear diary, this is text.\n" * 50, "text file"),
    "a picture named mov": ("story.mov", picture, "picture"),
    "cut short": (
        "story.mp4",
        lambda: recordings.video("mp4", 2).read_bytes()[:-40_000],
        "the end of it is missing",
    ),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_named_for_what_it_is_and_leaves_nothing(contributor, stored_files, case):
    name, content, said = BAD_FILES[case]
    contributor.begin("recording")
    response = upload(contributor, name, content())
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page[page.index('id="file_error"') :][:400]
    assert stored_files() == []
    # The answer that was given beside the file is kept.
    assert draft().answers["automatic_transcription"]["answer"] == "yes"


def test_a_good_file_is_kept_although_the_question_beside_it_was_left_open(contributor):
    contributor.begin("recording")
    response = upload(contributor, "a.flac", recordings.sound("flac", 1).read_bytes(), "")
    assert response.status_code == 422
    assert "Please answer Yes or No." in response.content.decode()
    assert draft().upload.kind == "audio"
    assert "We have your sound" in contributor.client.get(FORM + "recording/").content.decode()


def test_a_bad_file_does_not_cost_the_good_one_before_it(contributor, stored_files):
    contributor.begin("recording")
    contributor.upload(recordings.sound("mp3", 1))
    before = draft().upload
    upload(contributor, "b.mp4", b"text again\n" * 100)
    assert draft().upload == before
    assert len(stored_files()) == 1


def test_another_good_file_takes_the_place_of_the_first(contributor, stored_files):
    contributor.begin("recording")
    contributor.upload(recordings.sound("mp3", 1))
    contributor.upload(recordings.sound("ogg", 2))
    assert len(stored_files()) == 1
    assert draft().uploads.count() == 1


def test_a_file_over_the_limit(contributor, settings, stored_files):
    settings.MAX_UPLOAD_BYTES = 100_000
    contributor.begin("recording")
    response = upload(contributor, "long.wav", b"RIFF" + bytes(150_000))
    assert response.status_code == 413
    assert "bigger than" in response.content.decode()
    assert stored_files() == []
    assert draft().answers["automatic_transcription"]["answer"] == "yes"
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def test_too_many_uploads_from_one_place(contributor, settings):
    settings.UPLOADS_PER_PLACE_PER_DAY = 2
    contributor.begin("recording")
    for _ in range(2):
        assert contributor.upload(recordings.sound("flac", 1)).status_code == 302
    response = contributor.upload(recordings.sound("flac", 1))
    assert response.status_code == 429
    assert "try again tomorrow" in response.content.decode()
    assert draft().upload is not None


def test_a_title_of_ten_thousand_characters(contributor):
    contributor.begin()
    long = "tea " * 2_500
    response = contributor.client.post(FORM + "words/", {"title": long, "words": WORDS})
    assert response.status_code == 422
    page = response.content.decode()
    assert "there is room for 120" in page
    assert long.strip() in page
    assert "maxlength" not in page  # a browser would cut it short without a word
    assert "courage to write" in page
    # It survives the browser too: sealed before it was checked.
    assert draft().private.title == long
    assert draft().private.words == WORDS


def test_nothing_goes_out_with_a_title_that_is_too_long(contributor):
    contributor.tell("tea " * 2_500)
    assert draft().state == "draft"


def test_what_is_typed_is_saved_without_being_sent(contributor):
    contributor.begin()
    assert contributor.client.post(FORM + "save/", {"words": WORDS}).status_code == 204
    again = contributor.client.get(FORM + "words/").content.decode()
    assert "courage to write" in again
    assert draft().state == "draft"


def test_a_stranger_cannot_save_into_it(contributor, stranger):
    contributor.begin()
    assert stranger.client.post(FORM + "save/", {"words": "x"}).status_code == 410
    assert draft().private.words == ""


def test_sending_twice_sends_once(contributor):
    contributor.tell(words=WORDS)
    second = contributor.client.post(FORM + "check/")
    assert second.status_code == 302
    assert Contribution.objects.count() == 1
    assert draft().state == "submitted"
    assert draft().epoch == 2


def test_two_clicks_at_once_send_once_and_both_get_a_link(contributor):
    contributor.begin()
    client, cookie = contributor.client, contributor.client.cookies["story_draft"].value
    contributor.tell(words=WORDS)
    # The second click was on its way with the draft's cookie when the first had been answered.
    client.cookies["story_draft"] = cookie
    response = client.post(FORM + "check/", follow=True)
    assert "Keep these two" in response.content.decode()
    assert Contribution.objects.filter(state="submitted").count() == 1


def test_going_back_after_sending_leads_to_what_was_sent(contributor):
    contributor.tell("Sent already")
    response = contributor.client.get(FORM + "words/", follow=True)
    assert response.redirect_chain[-1][0] == "/my-story/"
    assert "Sent already" in response.content.decode()


def test_the_code_on_paper_is_not_ended_by_sending_again_later(contributor):
    contributor.tell(words=WORDS)
    Contribution.objects.update(sent_at=timezone.now() - timedelta(minutes=5))
    response = contributor.client.post(FORM + "check/")
    assert response.url == "/my-story/"
    other = Contributor()
    other.client.post("/my-story/code/", {"code": contributor.code})
    assert "courage to write" in other.my_page()


def test_who_writes_after_all_has_not_sent_the_recording(contributor, moderator, stored_files):
    contributor.begin("recording")
    contributor.upload(recordings.sound("flac", 1))
    contributor.client.post(FORM + "how/", {"kind": "written"})
    contributor.client.post(FORM + "words/", {"title": "In writing", "words": WORDS})
    contributor.client.post(FORM + "name/", {"choice": "none"})
    for purpose in ("publish_text", "site_search", "external_search_engines", "contact_followup"):
        contributor.client.post(f"{FORM}consent/{purpose}/", {"answer": "yes"})
    contributor.send()
    assert stored_files() == []
    moderator.approve(moderator.waiting()[0])
    version = draft().versions.get()
    assert (version.kind, version.asset_id) == ("read", None)


def test_an_unfinished_story_is_led_to_what_is_missing(contributor):
    contributor.begin()
    contributor.client.post(FORM + "words/", {"title": "A title", "words": WORDS})
    response = contributor.client.post(FORM + "check/")
    assert response.url == FORM + "name/?then=check"


def test_under_eighteen_nothing_is_kept(contributor):
    response = contributor.client.post(FORM + "age/", {"adult": "no"})
    assert "18 or over" in response.content.decode()
    assert Contribution.objects.count() == 0


def test_nothing_is_chosen_beforehand(contributor):
    contributor.begin()
    for page in ("name", "consent/publish_text", "consent/site_search"):
        assert "checked" not in contributor.client.get(f"{FORM}{page}/").content.decode()


@pytest.mark.stack
@pytest.mark.parametrize("fault", ["shut", "busy"])
def test_a_store_that_is_away_costs_nothing_that_was_typed(
    contributor, stored_files, settings, fault
):
    """The S3 server, away just when somebody sends a recording."""
    contributor.begin("recording")
    contributor.client.post(FORM + "words/", {"title": "Kept", "words": WORDS})
    usual = settings.STORAGES
    with door_to(storages["originals"].endpoint_url) as door:
        settings.STORAGES = {
            alias: {**place, "OPTIONS": place["OPTIONS"] | {"endpoint_url": door.address}}
            if "bucket_name" in place.get("OPTIONS", {})
            else place
            for alias, place in usual.items()
        }
        getattr(door, fault)()
        response = upload(contributor, "a.mp3", recordings.sound("mp3", 1).read_bytes())
        settings.STORAGES = usual
    assert response.status_code == 503
    page = response.content.decode()
    assert "We could not keep your recording just now" in page
    assert "Nothing you wrote is lost" in page
    assert stored_files() == []
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())
    assert draft().upload is None
    assert draft().answers["automatic_transcription"]["answer"] == "yes"
    assert draft().private.words == WORDS
    assert contributor.upload(recordings.sound("mp3", 1)).status_code == 302


@pytest.mark.embedded
def test_a_full_disk_costs_nothing_that_was_typed(contributor, stored_files, monkeypatch):
    """The real refusal of a real full device, where the store would write."""

    def onto_a_full_disk(store, asset_id, pieces):
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.writelines(pieces)

    contributor.begin("recording")
    contributor.client.post(FORM + "words/", {"title": "Kept", "words": WORDS})
    with monkeypatch.context() as full:
        full.setattr("media_pipeline.storage.put", onto_a_full_disk)
        response = upload(contributor, "a.mp3", recordings.sound("mp3", 1).read_bytes())
    assert response.status_code == 503
    assert "Nothing you wrote is lost" in response.content.decode()
    assert stored_files() == []
    assert draft().private.words == WORDS
    assert contributor.upload(recordings.sound("mp3", 1)).status_code == 302
