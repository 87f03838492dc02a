"""Who else is in a recording: asked in the form, kept as typed, and asked themselves once sent."""

from __future__ import annotations

import pytest

from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from tests import recordings
from tests.people import FORM

OTHERS = FORM + "others/"


def draft() -> Contribution:
    return Contribution.objects.get()


@pytest.fixture
def with_a_recording(contributor):
    contributor.begin("recording")
    contributor.upload(recordings.sound("flac", 1))
    return contributor


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"others": "Dougie"}, "Please answer No or Yes."),
        ({"anybody": "yes", "others": " \n "}, "Please write what you call each of them"),
        (
            {"anybody": "yes", "others": "\n".join(f"Voice {n}" for n in range(9))},
            "There are 9 lines, and there is room for 8",
        ),
        ({"anybody": "yes", "others": "Ann\nann"}, "Two lines say the same"),
        ({"anybody": "yes", "others": "x" * 61}, "One line is 61 characters long"),
        ({"anybody": "no", "others": "Dougie"}, "You said No, but there is somebody here"),
    ],
    ids=["no answer", "nobody named", "nine", "alike", "long", "no, but"],
)
def test_what_is_refused_is_said_and_kept(with_a_recording, answers, said):
    response = with_a_recording.client.post(OTHERS, answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert answers["others"].strip() in page
    assert draft().private.others == answers["others"]
    # And it can't be sent like that.
    sent = with_a_recording.client.post(FORM + "check/")
    assert sent.url == OTHERS + "?then=check"


def test_each_of_them_becomes_a_person_with_a_name_that_is_sealed(contributor):
    contributor.tell(recording=recordings.sound("flac", 1), others=" Dougie \r\n\r\nMy sister\r\n")
    people = list(Participant.objects.all())
    assert [person.called for person in people] == ["Dougie", "My sister"]
    assert b"Dougie" not in bytes(people[0].sealed)
    assert draft().private.others == ""
    assert "others" not in {event.purpose_id for event in _events()}


def _events():
    from stories.consent.events import ConsentEvent

    return ConsentEvent.objects.all()


def test_it_is_saved_as_it_is_typed_and_stands_on_the_check_page(with_a_recording):
    client = with_a_recording.client
    client.post(FORM + "save/", {"others": "Dougie\nFarah"})
    assert "Dougie\nFarah" in client.get(OTHERS).content.decode()
    assert Participant.objects.count() == 0
    client.post(OTHERS, {"anybody": "yes", "others": "Dougie\nFarah"})
    page = client.get(FORM + "check/").content.decode()
    assert "Dougie\nFarah" in page
    assert "until all of them have said yes" in page


def test_nobody_else_is_in_a_written_story(contributor):
    contributor.begin("written")
    assert contributor.client.get(OTHERS).url == FORM + "check/"
    contributor.tell("In writing")
    assert draft().state == "submitted"


def test_who_writes_after_all_has_named_nobody(with_a_recording):
    client = with_a_recording.client
    client.post(OTHERS, {"anybody": "yes", "others": "Dougie"})
    client.post(FORM + "how/", {"kind": "written"})
    client.post(FORM + "words/", {"title": "In writing", "words": "Words."})
    client.post(FORM + "name/", {"choice": "none"})
    for purpose in ("publish_text", "site_search", "external_search_engines", "contact_followup"):
        client.post(f"{FORM}consent/{purpose}/", {"answer": "yes"})
    with_a_recording.send()
    assert draft().state == "submitted"
    assert Participant.objects.count() == 0
    assert draft().private.others == ""


@pytest.mark.parametrize("days", [0, 1, 7])
def test_the_form_says_when_it_goes_out(contributor, settings, days):
    settings.COOLING_OFF_DAYS = days
    wait = f"We wait {days} day{'' if days == 1 else 's'} before it goes out"
    waits = "if a moderator changes a word, your story waits until you come back and look"
    contributor.begin()
    email = contributor.client.get(FORM + "email/").content.decode()
    contributor.client.post(FORM + "email/", {"email": ""})
    check = contributor.client.get(FORM + "check/").content.decode()
    assert waits in email
    assert (wait in email) is bool(days)
    assert "We wait" not in check  # something is missing: it can't go anywhere yet
    contributor.client.post(FORM + "words/", {"title": "A title", "words": "Words."})
    contributor.client.post(FORM + "name/", {"choice": "none"})
    for purpose in ("publish_text", "site_search", "external_search_engines", "contact_followup"):
        contributor.client.post(f"{FORM}consent/{purpose}/", {"answer": "yes"})
    check = contributor.client.get(FORM + "check/").content.decode()
    sent = contributor.send().content.decode()
    for page in (check, sent):
        assert (wait in page) is bool(days)
        assert waits in page.replace("If a", "if a")
