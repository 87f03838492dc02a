"""Editors write the next version; who said yes to less is asked for the rest, and keeps it."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from stories.consent.events import ConsentEvent, EventState
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import CONTRIBUTOR, Answer, newest, record
from stories.consent.wording import Words
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.letters.models import Letter
from stories.publishing import widen as widening
from stories.publishing.answer import answer
from stories.publishing.widen import finish_widening, next_wording
from stories.publishing.withdraw import withdraw
from tests.people import Contributor, work

LIST = "/admin/statements/"
NEXT = LIST + "site_search/en-GB/next/"
NEW = {"question": "May people find your story here?", "text": "If yes, they can.", "easy_read": ""}


def appoint(name: str, *rights: str) -> Client:
    user = get_user_model().objects.create_user(name, password=f"{name} has a password")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *rights]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(site) -> Client:
    return appoint("editor", "add_statement")


def post(client: Client, step: str, **typed):
    base = {"base": current_statement("site_search").version}
    return client.post(NEXT, base | NEW | typed | {"step": step})


def widen_it(*purposes: str, purpose: str = "site_search", text: str = "It is more now.") -> None:
    base = current_statement(purpose)
    next_wording(base, Words(base.question, text), widens=purposes or (purpose,), by=CONTRIBUTOR)


def states(story: Contribution, purpose: str = "site_search") -> list[str]:
    events = ConsentEvent.objects.filter(pii_principal_id=story.contributor_key, purpose=purpose)
    return list(events.order_by("number").values_list("event_state", flat=True))


# At the desk


def test_only_who_may_write_gets_in_and_sees_it_in_the_menu(editor, moderator):
    for address in (LIST, LIST + "site_search/", NEXT):
        assert editor.get(address).status_code == 200
        assert moderator.client.get(address).status_code in {302, 403}
        assert Client().get(address).status_code == 302
    assert moderator.client.post(NEXT, NEW | {"step": "publish"}).status_code in {302, 403}
    assert f'"{LIST}"' in editor.get("/admin/").content.decode()
    assert f'"{LIST}"' not in moderator.client.get("/admin/").content.decode()


def test_the_list_counts_whose_yes_stands_by_scope(editor, contributor):
    contributor.tell()
    Contributor().tell()
    widen_it()
    story = Contribution.objects.first()
    record(story.contributor_key, Answer(current_statement("site_search"), "yes"))
    row = editor.get(LIST).content.decode().partition("Find my story here")[2].partition("</tr>")[0]
    assert "1 to scope 1, 1 to scope 2" in row
    assert "(1 asked for more)" in row


def test_a_typo_is_a_new_version_and_nobody_is_asked(editor, contributor):
    contributor.tell()
    page = editor.get(NEXT).content.decode()
    old = current_statement("site_search")
    assert old.question in page
    assert old.text in page
    check = post(editor, "check", text=old.text.replace("lists", "list")).content.decode()
    assert re.search(r"<del>.*lists.*</del>", check)
    assert re.search(r"<ins>.*list.*</ins>", check)
    assert "checked" not in check  # nothing is chosen beforehand
    post(editor, "publish", change="typo")
    written = current_statement("site_search")
    assert (written.version, written.scope, written.change) == (2, 1, "typo")
    assert (written.question, written.text) == (NEW["question"], NEW["text"])
    assert written.sha256 == written.fingerprint() != old.sha256
    assert written.written_by.startswith("staff:")
    assert states(Contribution.objects.get()) == ["ConsentGiven"]
    versions = editor.get(LIST + "site_search/").content.decode()
    for one in (old, written):
        assert one.sha256 in versions
        assert one.question in versions
    assert "Written by editor" in versions


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"question": "  "}, "Write the question"),
        ({"text": ""}, "Write what a yes means"),
        ({"question": "x" * 201}, "200 letters at most"),
    ],
)
def test_words_that_can_not_be_are_refused_and_kept(editor, typed, said):
    for step in ("check", "publish"):
        response = post(editor, step, easy_read="Typed with care.", **typed)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert "Typed with care." in response.content.decode()
    assert current_statement("site_search").version == 1


def test_nothing_changed_is_said_also_when_only_line_ends_differ(editor):
    old = current_statement("site_search")
    same = {"question": f" {old.question}\r\n", "text": old.text + " \r\n"}
    response = post(editor, "publish", easy_read=old.easy_read, change="typo", **same)
    assert response.status_code == 422
    assert "Change something first" in response.content.decode()
    assert current_statement("site_search") == old


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ({}, "Say whether the new words ask for more"),
        ({"change": "wider"}, "Tick at least one"),
        ({"change": "wider", "widens": "publish_text"}, "Select a valid choice"),
        ({"change": "typo", "widens": "site_search"}, "Untick this"),
    ],
)
def test_what_it_means_has_to_be_said(editor, decided, said):
    response = post(editor, "publish", **decided)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert NEW["question"] in page
    assert current_statement("site_search").version == 1


def test_the_second_of_two_editors_is_told_and_keeps_their_words(editor):
    other = appoint("other", "add_statement")
    base = current_statement("site_search").version
    post(other, "publish", change="typo", text="The other one was quicker.")
    for step in ("check", "publish"):
        late = editor.post(NEXT, NEW | {"base": base, "step": step, "change": "typo"})
        page = late.content.decode()
        assert late.status_code == 409
        assert "Somebody else wrote version 2" in page
        assert "The other one was quicker." in page
        assert NEW["question"] in page
    assert current_statement("site_search").version == 2
    # The page they got back goes on from there.
    [base] = re.findall(r'name="base" value="(\d+)"', page)
    editor.post(NEXT, NEW | {"base": base, "step": "publish", "change": "typo"})
    assert current_statement("site_search").text == NEW["text"]


def test_words_are_shown_as_words_and_not_as_a_page(editor):
    check = post(editor, "check", text="<script>alert(1)</script> & <b>bold</b>").content.decode()
    assert "<script>alert(1)" not in check
    assert "&lt;script&gt;" in check


# Asking who said yes


@pytest.fixture
def told(contributor, moderator) -> Contribution:
    contributor.tell(email="ann@example.org")
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


def test_a_wider_question_leaves_open_what_was_open_whatever_is_said(told, editor, stranger):
    before = exits_of(told)
    post(editor, "publish", change="wider", widens="site_search")
    work()
    wider = current_statement("site_search")
    assert wider.scope == 2
    assert states(told) == ["ConsentGiven", "ConsentRequested"]
    assert states(told, "publish_text") == ["ConsentGiven"]
    assert Letter.objects.filter(contribution=told, kind="asked").count() == 1
    for said, scope in (("later", 1), ("no", 1), ("yes", 2)):
        assert exits_of(told) == before
        assert len(stranger.stories()) == 1
        answer(told, Answer(wider, said))
        assert consents_of(told.contributor_key).scope["site_search"] == scope
    assert exits_of(told) == before


def test_only_a_valid_yes_is_asked_about(told, contributor, moderator):
    """Not who said no, took it back, let it run out, or was told no."""
    others = [Contributor() for _ in range(4)]
    others[0].tell(site_search="no")
    for one in others[1:]:
        one.tell()
    _, withdrawn, run_out, declined = Contribution.objects.exclude(pk=told.pk).order_by("pk")
    moderator.decline(declined.reference, reason="other", letter="Sorry.")
    moderator.approve(withdrawn.reference)
    work()
    withdraw(Contribution.objects.get(pk=withdrawn.pk))
    statement = current_statement("site_search")
    statement.purpose.validity_days = 0
    statement.purpose.save()
    record(run_out.contributor_key, Answer(statement, "yes"))
    widen_it()
    work()
    asked = ConsentEvent.objects.filter(event_state=EventState.REQUESTED)
    assert [event.pii_principal_id for event in asked] == [told.contributor_key]
    assert finish_widening() == 0


def test_asking_goes_on_in_batches_and_after_a_lost_bell(site, monkeypatch):
    monkeypatch.setattr(widening, "AT_ONCE", 2)
    for _ in range(7):
        Contributor().tell()

    def asked() -> int:
        return ConsentEvent.objects.filter(event_state=EventState.REQUESTED).count()

    with monkeypatch.context() as lost:
        lost.setattr(widening, "ask_on", _NoBell())
        widen_it()
    work()
    assert asked() == 2
    assert finish_widening() == 1
    assert finish_widening() == 1  # a doubled bell
    work()
    assert asked() == 7
    assert finish_widening() == 0
    people = ConsentEvent.objects.filter(event_state=EventState.REQUESTED)
    assert people.values("pii_principal_id").distinct().count() == 7


class _NoBell:
    def enqueue(self, *args):
        """The message is lost."""


class SlowSender(Contributor):
    """Had the form open, all answered, while the wider question was written."""

    def send(self):
        widen_it()
        assert finish_widening() == 0
        return super().send()


def test_a_late_yes_to_the_old_words_is_asked_about_the_new_ones(site):
    SlowSender().tell()
    story = Contribution.objects.get()
    assert consents_of(story.contributor_key).scope["site_search"] == 1
    assert finish_widening() == 1
    work()
    assert states(story) == ["ConsentGiven", "ConsentRequested"]


def test_a_film_is_asked_about_the_sound_when_only_that_is_widened(site):
    film, sound = Contributor(), Contributor()
    for one in (film, sound):
        one.tell()
    film_story, sound_story = Contribution.objects.order_by("pk")
    for covered in ("publish_video", "publish_audio"):
        said = Answer(current_statement("publish_video"), "yes")
        record(film_story.contributor_key, said, purpose=covered)
    record(sound_story.contributor_key, Answer(current_statement("publish_audio"), "yes"))
    widen_it("publish_audio", purpose="publish_video")
    work()
    assert states(film_story, "publish_audio") == ["ConsentGiven", "ConsentRequested"]
    assert states(film_story, "publish_video") == ["ConsentGiven"]
    assert states(sound_story, "publish_audio") == ["ConsentGiven"]
    widen_it(purpose="publish_audio", text="On the radio, too.")
    work()
    assert states(film_story, "publish_audio") == ["ConsentGiven", "ConsentRequested"]
    assert states(sound_story, "publish_audio") == ["ConsentGiven", "ConsentRequested"]
    with pytest.raises(ValueError, match="not what"):
        widen_it("publish_text", purpose="publish_video", text="Something else.")
    assert Statement.objects.filter(purpose="publish_video").count() == 2


def test_each_person_in_a_recording_is_asked_and_nobody_who_left(told):
    stays, left = (Participant.ask(told, name) for name in ("Bea", "Cal"))
    for person in (stays, left):
        record(person.key, Answer(current_statement("site_search"), "yes"))
    Participant.objects.filter(pk=left.pk).update(state=Participant.State.LEFT)
    widen_it()
    work()
    assert newest(stays.key, "site_search").event_state == EventState.REQUESTED
    assert newest(left.key, "site_search").event_state == EventState.GIVEN
    assert Letter.objects.filter(contribution=told, kind="asked").count() == 1


def test_a_typo_in_the_wider_words_asks_the_rest_with_the_better_ones(told, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(widening, "ask_some", lambda *arguments: 0)
        widen_it()
    base = current_statement("site_search")
    next_wording(base, Words(base.question, "It is more now!"), widens=(), by=CONTRIBUTOR)
    assert finish_widening() == 1
    work()
    assert newest(told.contributor_key, "site_search").statement.version == 3
    assert finish_widening() == 0
    assert states(told) == ["ConsentGiven", "ConsentRequested"]


def test_a_withdrawal_while_people_are_asked_is_not_asked_away(told, monkeypatch):
    """Between the look at who is to be asked and the lock, the contributor takes it all back."""
    lock = widening._lock_stories

    def late(keys):
        withdraw(Contribution.objects.get(pk=told.pk))
        return lock(keys)

    monkeypatch.setattr(widening, "_lock_stories", late)
    widen_it()
    assert states(told) == ["ConsentGiven", "ConsentWithdrawn"]
    assert consents_of(told.contributor_key).given == frozenset()
