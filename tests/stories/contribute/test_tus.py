"""The tus protocol as a sender meets it: what is right goes on, what is wrong costs nothing."""

from __future__ import annotations

import base64
import socket

import pytest

from media_pipeline.models import IncomingFile
from tests import recordings
from tests.media_pipeline import kept
from tests.people import FORM
from tests.processes import until
from tests.stories.contribute.uploads import START, Sender, checksum, draft, press_continue


def test_what_it_can_do_is_told_to_whoever_asks(sender, settings):
    said = sender.ask("OPTIONS", START, Tus_Resumable=None)
    assert said.status_code == 204
    assert said["Tus-Version"] == said["Tus-Resumable"] == "1.0.0"
    assert set(said["Tus-Extension"].split(",")) == {
        "creation", "creation-defer-length", "expiration", "checksum", "termination",
    }  # fmt: skip
    assert said["Tus-Max-Size"] == str(settings.MAX_UPLOAD_BYTES)
    assert said["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_a_recording_in_pieces_becomes_the_story_s(sender, stored_files):
    content = recordings.video("mp4", 1).read_bytes()
    begun = sender.begin(len(content))
    assert begun.status_code == 201
    assert begun["Upload-Expires"].endswith("GMT")
    assert sender.offset() == 0
    half = len(content) // 2
    added = sender.add(0, content[:half])
    assert (added.status_code, added["Upload-Offset"]) == (204, str(half))
    looked = sender.look()
    assert looked["Upload-Length"] == str(len(content))
    assert "no-store" in looked["Cache-Control"]
    assert sender.add(half, content[half:])["Upload-Offset"] == str(len(content))
    assert draft().upload is None
    assert press_continue(sender, incoming=sender.id).url == FORM + "others/"
    upload = draft().upload
    assert (upload.kind, upload.size) == ("video", len(content))
    assert len(stored_files()) == 1
    assert kept.everywhere() == stored_files(), "nothing waits on the way in"
    assert not IncomingFile.objects.exists()
    # The answer was lost: asked again it is the same.
    assert press_continue(sender, incoming=sender.id).url == FORM + "others/"
    assert draft().upload == upload
    assert len(stored_files()) == 1


def test_a_complete_file_is_taken_in_without_being_named(sender):
    sender.send(recordings.sound("mp3", 1).read_bytes())
    assert press_continue(sender).status_code == 302
    assert draft().upload.kind == "audio"


def test_a_bad_file_is_named_for_what_it_is_each_time_it_is_asked(sender):
    sender.send(b"Dear diary, this is text.\n" * 50)
    for _ in range(2):
        response = press_continue(sender, incoming=sender.id)
        assert response.status_code == 422
        assert "That file is a text file" in response.content.decode()
    assert kept.everywhere() == []
    sender.send(recordings.sound("mp3", 1).read_bytes())
    assert press_continue(sender, incoming=sender.id).status_code == 302


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_checksum_is_all_or_nothing(sender, name):
    sender.begin(20)
    right = sender.add(0, b"0123456789", Upload_Checksum=checksum(name, b"0123456789"))
    assert right.status_code == 204
    wrong = sender.add(10, b"9876543210", Upload_Checksum=checksum(name, b"0123456789"))
    assert wrong.status_code == 460
    assert sender.offset() == 10
    assert sender.add(10, b"0123456789").status_code == 204


WRONG = {
    "another version": (412, {"Tus_Resumable": "0.2.2"}),
    "no version": (412, {"Tus_Resumable": None}),
    "no offset": (400, {"Upload_Offset": None}),
    "a word for an offset": (400, {"Upload_Offset": "ten"}),
    "an offset below nought": (400, {"Upload_Offset": "-1"}),
    "the offset of another": (409, {"Upload_Offset": "7"}),
    "an offset beyond the end": (413, {"Upload_Offset": "17"}),
    "another kind of body": (415, {"Content_Type": "application/octet-stream"}),
    "a checksum of an unknown kind": (400, {"Upload_Checksum": "crc32 AAAA"}),
    "a checksum that is none": (400, {"Upload_Checksum": "sha1 ???"}),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_piece_is_refused_and_costs_nothing(sender, case):
    status, headers = WRONG[case]
    sender.begin(16)
    sender.add(0, b"0123")
    given = {"Upload_Offset": "4"} | headers
    response = sender.ask("PATCH", sender.address, b"4567", **given)
    assert response.status_code == status
    if status == 412:
        assert response["Tus-Version"] == "1.0.0"
    assert sender.offset() == 4
    assert sender.add(4, b"456789abcdef").status_code == 204


def test_more_than_was_announced_is_refused(sender):
    sender.begin(4)
    assert sender.add(0, b"01234").status_code == 413
    assert sender.offset() == 0


BEGINNINGS = {
    "no length": (400, {"Upload_Length": None}),
    "a word": (400, {"Upload_Length": "long"}),
    "empty": (400, {"Upload_Length": "0"}),
    "too large": (413, {"Upload_Length": "5000000001"}),
    "beyond any number": (400, {"Upload_Length": "9" * 30}),
    "neither now nor later": (400, {"Upload_Length": None, "Upload_Defer_Length": "0"}),
    "now and later": (400, {"Upload_Defer_Length": "1"}),
    "no base 64": (400, {"Upload_Metadata": "fingerprint ?"}),
    "no hash": (400, {"Upload_Metadata": f"fingerprint {base64.b64encode(b'my film').decode()}"}),
}


@pytest.mark.parametrize("case", BEGINNINGS)
def test_what_can_t_be_begun(sender, case):
    status, headers = BEGINNINGS[case]
    response = sender.ask("POST", START, **{"Upload_Length": "10"} | headers)
    assert response.status_code == status
    assert not IncomingFile.objects.exists()


LATER = {"Upload_Length": None, "Upload_Defer_Length": "1"}


def test_a_recording_that_is_still_being_made_is_told_its_length_with_its_end(sender):
    content = recordings.video("webm", 1).read_bytes()
    assert sender.begin("", **LATER).status_code == 201
    at = 0
    for size in (1000, 20_000):
        assert sender.add(at, content[at : at + size]).status_code == 204
        at += size
        looked = sender.look()
        assert (looked["Upload-Offset"], looked["Upload-Defer-Length"]) == (str(at), "1")
        assert "Upload-Length" not in looked
    # It isn't whole before somebody says so, whoever asks.
    assert press_continue(sender).status_code == 422
    early = press_continue(sender, incoming=sender.id)
    assert early.status_code == 422
    assert "Not all of your recording" in early.content.decode()
    length = str(len(content))
    ended = sender.add(at, content[at:], Upload_Length=length)
    assert (ended.status_code, ended["Upload-Offset"]) == (204, length)
    assert sender.look()["Upload-Length"] == length
    assert sender.add(len(content), b"", Upload_Length=length).status_code == 204
    assert sender.add(len(content), b"", Upload_Length="99999999").status_code == 400
    assert sender.add(len(content), b"more").status_code == 413
    assert press_continue(sender, incoming=sender.id).status_code == 302
    assert draft().upload.size == len(content)


def test_a_recording_of_which_all_had_come_is_ended_with_nothing(sender):
    content = recordings.sound("ogg", 1).read_bytes()
    sender.begin("", **LATER)
    sender.add(0, content)
    assert sender.add(len(content), b"", Upload_Length=str(len(content) - 1)).status_code == 413
    assert sender.add(len(content), b"", Upload_Length="0").status_code == 400
    assert sender.add(len(content), b"", Upload_Length=str(len(content))).status_code == 204
    assert press_continue(sender).status_code == 302


def test_a_recording_grows_only_as_far_as_a_file_may(sender, settings):
    settings.MAX_UPLOAD_BYTES = 30_000
    settings.UNFINISHED_BYTES_PER_STORY = 40_000
    sender.begin("", **LATER)
    assert sender.add(0, b"7" * 20_000).status_code == 204
    refused = sender.add(20_000, b"7" * 10_001)
    assert refused.status_code == 413
    assert "the most we can take" in refused.content.decode()
    assert sender.add(20_000, b"7", Upload_Length="30001").status_code == 413
    other = Sender(sender.client)
    other.begin("", **LATER)
    assert other.add(0, b"7" * 15_000).status_code == 204
    # What came counts as what was announced: 35,000 of 40,000.
    refused = sender.add(20_000, b"7" * 9_000)
    assert refused.status_code == 429
    assert "more than we can take at a time" in refused.content.decode()
    assert Sender(sender.client).begin(6_000).status_code == 429
    assert sender.add(20_000, b"7" * 4_000).status_code == 204
    settings.MIN_FREE_BYTES = 10**15
    refused = sender.add(24_000, b"7")
    assert refused.status_code == 507
    assert sender.offset() == 24_000
    assert IncomingFile.objects.get(pk=sender.id).growing


def test_a_name_that_is_sent_along_is_not_kept(sender):
    name = base64.b64encode(b"My name and town.mp4").decode()
    sender.begin(10, Upload_Metadata=f"filename {name},filetype dmlkZW8=")
    assert "My name" not in str(IncomingFile.objects.values().get())


def test_a_sender_that_can_only_post(sender):
    sender.begin(4)
    more = {"Upload_Offset": "0", "X_HTTP_Method_Override": "PATCH"}
    assert sender.ask("POST", sender.address, b"0123", **more).status_code == 204
    assert sender.ask(
        "POST", sender.address, X_HTTP_Method_Override="DELETE"
    ).status_code == 204  # fmt: skip
    assert sender.look().status_code == 404


def test_a_connection_that_breaks_keeps_what_came(sender, live_server):
    """A real connection, closed in the middle of a piece."""
    sender.begin(1_000_000)
    cookies = "; ".join(f"{name}={one.value}" for name, one in sender.client.cookies.items())
    token = str(sender.client.get(FORM + "recording/").context["csrf_token"])
    cookies += f"; csrftoken={sender.client.cookies['csrftoken'].value}"
    port = live_server.thread.port
    head = (
        f"PATCH {sender.address} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: 1000000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(head.encode() + b"7" * 600_000)
    until(lambda: IncomingFile.objects.get().token is None and sender.offset())
    assert sender.offset() == 600_000
    assert sender.add(600_000, b"7" * 400_000).status_code == 204
