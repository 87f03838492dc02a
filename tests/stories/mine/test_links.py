"""The way back in, and who else does not get in."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from stories.contributions.links import PrivateLink
from tests.people import Contributor


def test_a_link_opens_any_number_of_times_and_leaves_the_address(contributor):
    contributor.tell("My own title")
    for _ in range(2):
        other_device = Contributor()
        response = other_device.client.get(contributor.link)
        assert response.status_code == 302
        assert response.url == "/my-story/"
        cookie = response.cookies["my_story"]
        assert cookie["httponly"]
        assert cookie["path"] == "/my-story/"
        assert "no-store" in response["Cache-Control"]
        assert "My own title" in other_device.my_page()


def test_the_token_itself_is_stored_nowhere(contributor):
    contributor.tell()
    token = contributor.link.strip("/").rpartition("/")[2]
    assert len(token) >= 43
    stored = PrivateLink.objects.values_list("secret_hash", flat=True)
    assert token not in stored
    assert contributor.code.replace("-", "") not in stored


def test_an_unknown_token(stranger):
    response = stranger.client.get("/my-story/" + "a" * 43 + "/")
    assert response.status_code == 404
    assert "We don&#x27;t know that link" in response.content.decode().replace("'", "&#x27;")


def test_a_link_that_has_run_out(contributor, stranger):
    contributor.tell()
    PrivateLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = stranger.client.get(contributor.link)
    assert response.status_code == 410
    assert "That link has ended" in response.content.decode()
    # The device that had it open is asked for link or code too.
    assert "Come in" in contributor.my_page()


def test_a_revoked_link(contributor, stranger):
    contributor.tell()
    PrivateLink.objects.filter(kind="link").update(revoked_at=timezone.now())
    assert stranger.client.get(contributor.link).status_code == 410


def test_the_code_opens_the_page_as_people_write_it(contributor):
    contributor.tell("My own title")
    typed = contributor.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    other_device = Contributor()
    other_device.client.post("/my-story/code/", {"code": typed})
    assert "My own title" in other_device.my_page()


def test_codes_cannot_be_tried_for_ever(stranger, contributor, settings):
    settings.CODE_TRIES_PER_PLACE_PER_HOUR = 3
    contributor.tell()
    for _ in range(3):
        response = stranger.client.post("/my-story/code/", {"code": "0000-0000-0000-0000"})
        assert response.status_code == 422
    response = stranger.client.post("/my-story/code/", {"code": contributor.code})
    assert response.status_code == 429


def test_nobody_gets_in_without_either(contributor, stranger):
    contributor.tell("My own title")
    for address in ("/my-story/", "/my-story/take-down/", "/my-story/copy/"):
        page = stranger.client.get(address).content.decode()
        assert "My own title" not in page
        assert "Come in" in page


def test_a_draft_can_be_carried_to_another_device(contributor):
    contributor.begin()
    contributor.client.post("/share-your-story/save/", {"words": "Half a story"})
    page = contributor.client.post("/share-your-story/later/").content.decode()
    link = page.partition('id="private-link">')[2].partition("<")[0].strip()
    other = Contributor()
    other.client.get(link.replace("http://testserver", ""))
    assert "Half a story" in other.client.get("/share-your-story/words/").content.decode()


def test_forgetting_the_device(contributor):
    contributor.tell("My own title")
    contributor.client.post("/my-story/forget/")
    assert "My own title" not in contributor.my_page()


def test_a_copy_holds_the_words(contributor):
    import io
    import zipfile

    contributor.tell("My own title", "All my words.")
    response = contributor.client.get("/my-story/copy/")
    assert response["Content-Disposition"] == 'attachment; filename="copy.zip"'
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert b"All my words." in bundle.read("my-words.txt")
