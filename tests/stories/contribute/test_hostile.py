"""A hostile file, sent as a contributor would: the page says why, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from stories.contributions.models import Contribution
from tests.media_pipeline import kept
from tests.media_pipeline.hostile.files import GROUPS
from tests.people import FORM
from tests.stories.contribute.uploads import Sender

SAID = {
    ("scripts", "hls behind a zero byte"): "We could not read that file",
    ("kinds", "an encrypted film"): "Choose one that you made yourself.",
    ("bombs", "a million pictures in ten seconds"): "Save it with 240 or fewer",
}
NAME = "my town." + "x" * 300  # an ending that no disk takes


def as_a_form(contributor, content: bytes):
    file = SimpleUploadedFile(NAME, content)
    return contributor.client.post(FORM + "recording/", {"file": file, "transcribe": "yes"})


def in_pieces(contributor, content: bytes):
    sender = Sender(contributor.client)
    sender.send(content)
    said = {"incoming": sender.id, "transcribe": "yes"}
    return contributor.client.post(FORM + "recording/", said)


@pytest.mark.parametrize("send", [as_a_form, in_pieces])
@pytest.mark.parametrize("which", SAID, ids=lambda one: one[1])
def test_the_page_says_why(contributor, which, send):
    group, name = which
    contributor.begin("recording")
    response = send(contributor, GROUPS[group][name][1]("/etc/passwd", 9))
    assert response.status_code == 422
    page = response.content.decode()
    assert SAID[which] in page[page.index('id="file_error"') :][:400]
    assert "my town" not in page
    assert kept.everywhere() == []
    draft = Contribution.objects.get()
    assert draft.answers["automatic_transcription"]["answer"] == "yes"
