"""A call or letter: it rests at once; who it was is checked before anything else is done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from stories.consent.events import ConsentEvent
from stories.consent.models import Statement, current_statement
from stories.consent.reading import consents_of
from stories.contributions.calls import Call
from stories.contributions.models import Contribution
from stories.contributions.states import State
from stories.letters.models import Letter
from stories.publishing.pause import pause
from stories.publishing.publish import publish
from tests.people import Contributor, work


@pytest.fixture
def story(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", shown_name="Morven", email="ann@example.org")
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


class Desk:
    """A member of staff on the telephone."""

    def __init__(self, moderator, story: Contribution) -> None:
        self.client, self.base = moderator.client, f"/admin/contributions/{story.reference}/calls/"

    def take(self, method: str = "telephone") -> Call:
        self.client.post(self.base, {"method": method})
        return Call.objects.first()

    def post(self, what: str, **said):
        return self.client.post(f"{self.base}{Call.objects.first().pk}/{what}/", said)

    def page(self, what: str = "") -> str:
        address = f"{self.base}{Call.objects.first().pk}/{what}{'/' if what else ''}"
        return self.client.get(address).content.decode()

    def confirm(self):
        return self.post("check", how="told", outcome="confirmed")


@pytest.fixture
def desk(moderator, story) -> Desk:
    return Desk(moderator, story)


def state() -> str:
    return Contribution.objects.get().state


def test_one_press_rests_it_before_any_question(desk, stranger, moderator):
    assert len(stranger.stories()) == 1
    call = desk.take()
    assert state() == State.PAUSED
    assert stranger.stories() == []
    assert call.identity == "unchecked"
    assert "A call" in moderator.client.get("/admin/contributions/calls/").content.decode()
    assert "Calls to check (1)" in moderator.queue()


def test_looking_changes_nothing(desk, story):
    desk.client.get(desk.base, {"method": "telephone"})
    assert not Call.objects.exists()
    desk.take()
    before = Contribution.objects.get().epoch
    for what in ("", "check", "undo", "name", "down", "link", "code", "back", "answer/site_search"):
        desk.page(what)
    assert Contribution.objects.get().epoch == before
    assert Call.objects.get().identity == "unchecked"


ACTS = {
    "answer/site_search": {"answer": "back"},
    "name": {"choice": "none"},
    "down": {"then": "destroy"},
    "link": {"all": "yes"},
    "code": {"all": "yes"},
    "back": {},
    "undo": {},
}


def what_stands(story: Contribution) -> tuple:
    links = story.links.order_by("pk").values_list("revoked_at", flat=True)
    return state(), ConsentEvent.objects.count(), list(links), Letter.objects.count()


@pytest.mark.parametrize("how", ["unchecked", "refuted", "confirmed too long ago"])
def test_until_it_is_certain_nothing_but_resting_is_possible(desk, story, how):
    desk.take()
    if how == "refuted":
        pause_again = Contribution.objects.get()
        publish(pause_again)
        pause(pause_again)  # their own wish by now, so that there is nothing to undo
        desk.post("check", how="told", outcome="refuted")
    if how == "confirmed too long ago":
        desk.confirm()
        Call.objects.update(checked_at=timezone.now() - timedelta(hours=25))
    before = what_stands(story)
    for what, said in ACTS.items():
        desk.post(what, **said)
    assert what_stands(story) == before
    assert before[0] == State.PAUSED


def test_a_code_is_checked_against_this_story_and_not_too_often(desk, story, contributor, settings):
    other = Contributor().tell()
    desk.take()
    check = {"how": "code", "outcome": "confirmed"}
    for code in ("", "0000-0000-0000-0000", other.code, contributor.link.strip("/").split("/")[-1]):
        answer = desk.post("check", code=code, **check)
        assert answer.status_code == 422
        assert "not the code of this story" in answer.content.decode()
    assert Call.objects.get().identity == "unchecked"
    settings.CODE_TRIES_PER_PLACE_PER_HOUR = 4
    assert desk.post("check", code=contributor.code, **check).status_code == 429
    settings.CODE_TRIES_PER_PLACE_PER_HOUR = 10
    desk.post("check", code=contributor.code.lower().replace("-", " "), **check)
    assert Call.objects.get().identity == "confirmed"
    assert Call.objects.get().how_checked == "by the code they wrote down"


def test_not_the_contributor_is_undone_by_a_press_only(desk, stranger):
    desk.take()
    desk.post("check", how="told", outcome="refuted")
    assert state() == State.PAUSED
    assert "Let it go on as before" in desk.page()
    desk.post("undo")
    work()
    assert state() == State.PUBLISHED
    assert len(stranger.stories()) == 1
    assert desk.confirm().status_code == 302
    assert Call.objects.get().identity == "refuted"


def test_what_the_contributor_rests_no_refuted_call_brings_back(desk, story):
    pause(story)
    desk.take()
    desk.post("check", how="told", outcome="refuted")
    assert "Let it go on as before" not in desk.page()
    desk.post("undo")
    assert state() == State.PAUSED


def test_a_second_call_that_nobody_has_checked_keeps_it_at_rest(desk):
    first = desk.take()
    desk.take("paper")
    address = f"{desk.base}{first.pk}/"
    desk.client.post(f"{address}check/", {"how": "told", "outcome": "refuted"})
    desk.client.post(f"{address}undo/")
    assert state() == State.PAUSED


def test_stopping_while_it_waits_and_undoing_does_not_cut_the_days_short(
    contributor, moderator, settings
):
    settings.COOLING_OFF_DAYS = 7
    contributor.tell()
    moderator.approve(moderator.waiting()[0])
    desk = Desk(moderator, Contribution.objects.get())
    desk.take()
    assert state() == State.PAUSED
    desk.post("check", how="told", outcome="refuted")
    desk.post("undo")
    assert state() == State.WAITING
    assert Contribution.objects.get().publish_after > timezone.now() + timedelta(days=6)


def test_nothing_is_approved_while_a_call_is_unchecked(contributor, moderator):
    contributor.tell()
    desk = Desk(moderator, Contribution.objects.get())
    desk.take("paper")
    answer = moderator.approve(Contribution.objects.get().reference)
    assert "Check who it was first" in answer.content.decode()
    assert state() == State.SUBMITTED
    desk.confirm()
    moderator.approve(Contribution.objects.get().reference)
    assert state() == State.PUBLISHED


def seen(page: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_an_answer_by_telephone_is_read_out_and_recorded_as_staffs(desk, story):
    desk.take()
    desk.confirm()
    page = desk.page("answer/social_media")
    assert current_statement("social_media").text.split(",")[0] in page
    assert desk.post("answer/social_media", seen=seen(page)).status_code == 422
    desk.post("answer/social_media", seen=seen(page), answer="yes")
    user = get_user_model().objects.get(username="moderator")
    event = ConsentEvent.objects.latest("number")
    assert (event.purpose_id, event.allows) == ("social_media", 1)
    assert (event.entity_id, event.actor) == ("staff", f"staff:{user.pk}")
    assert event.indication_method == "telephone"
    assert Letter.objects.filter(kind="changed").count() == 1
    shown = desk.client.get(f"/admin/contributions/{story.reference}/").content.decode()
    assert "Said on the telephone, written down by moderator" in shown
    stale = desk.post("answer/social_media", seen=seen(page), answer="back")
    assert stale.status_code == 409
    assert "social_media" in consents_of(story.contributor_key).given


def test_taking_back_takes_back_though_more_is_asked_by_now(desk, story):
    before = current_statement("site_search")
    wider = before.version + 1, before.scope + 1
    Statement.objects.create(
        purpose=before.purpose, version=wider[0], scope=wider[1], question="?", text="More."
    )
    desk.take("paper")
    desk.confirm()
    page = desk.page("answer/site_search")
    desk.post("answer/site_search", seen=seen(page), answer="no")
    assert "site_search" in consents_of(story.contributor_key).given
    page = desk.page("answer/site_search")
    desk.post("answer/site_search", seen=seen(page), answer="back")
    assert "site_search" not in consents_of(story.contributor_key).given
    assert ConsentEvent.objects.latest("number").indication_method == "paper"


def test_another_name_on_behalf_waits_for_somebody_to_look(desk, moderator, story):
    desk.take()
    desk.confirm()
    refused = desk.post("name", choice="chosen", name="")
    assert refused.status_code == 422
    desk.post("name", choice="chosen", name="Ailsa")
    assert Contribution.objects.get().private.asked_name == "Ailsa"
    assert story.reference in moderator.queue("names")


def test_taken_down_on_behalf_and_destroyed(desk, stranger):
    desk.take()
    desk.confirm()
    desk.post("down", then="keep")
    assert state() == State.WITHDRAWN
    assert Contribution.objects.get().is_kept
    assert ConsentEvent.objects.latest("number").entity_id == "staff"
    assert "Destroy it now" in desk.page()
    desk.post("down", then="destroy")
    work()
    assert state() == State.ERASED
    assert desk.client.get(desk.base + f"{Call.objects.get().pk}/").status_code == 200


def test_a_new_code_is_shown_once_and_the_old_one_ends(desk, contributor):
    desk.take()
    desk.confirm()
    answer = desk.post("code")
    code = re.search(r'class="desk-code">([^<]+)<', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert code not in desk.page()
    come_in = "/my-story/code/"
    assert Client().post(come_in, {"code": contributor.code}).status_code == 422
    assert Client().post(come_in, {"code": code}).status_code == 302
    assert Client().get(contributor.link).status_code == 302  # the link was not lost


def test_a_new_link_goes_to_their_address_and_old_ones_end(desk, contributor, mailoutbox):
    desk.take()
    desk.confirm()
    mailoutbox.clear()
    desk.post("link")
    work()
    assert Client().get(contributor.link).status_code == 410
    assert Client().post("/my-story/code/", {"code": contributor.code}).status_code == 302
    sent = [re.search(r"/my-story/\S+", letter.body) for letter in mailoutbox]
    assert any(link and Client().get(link[0]).status_code == 302 for link in sent)


def test_back_on_the_site_at_their_word(desk, stranger):
    desk.take()
    desk.confirm()
    desk.post("back")
    work()
    assert len(stranger.stories()) == 1


def test_wagtails_log_has_each_step_and_no_content(desk):
    desk.take()
    desk.confirm()
    desk.post("name", choice="chosen", name="Ailsa")
    desk.post("back")
    entries = ModelLogEntry.objects.all()
    actions = set(entries.values_list("action", flat=True))
    assert {"stories.call", "stories.call_confirmed", "stories.on_behalf"} <= actions
    written = str(list(entries.values()))
    for word in ("Ailsa", "garlic", "Morven", "ann@"):
        assert word not in written


def test_only_moderators_and_only_this_storys_calls(desk, story, contributor):
    call = desk.take()
    editor = Client()
    editor.force_login(get_user_model().objects.create_user("editor", password="x"))
    for client in (Client(), editor, contributor.client):
        for what in ("", f"{call.pk}/", f"{call.pk}/check/", f"{call.pk}/down/"):
            answer = client.post(desk.base + what, {"method": "telephone"})
            assert answer.status_code in {302, 403}
    assert Call.objects.count() == 1
    Contributor().tell()
    other = Contribution.objects.exclude(pk=story.pk).get().reference
    assert desk.client.get(f"/admin/contributions/{other}/calls/{call.pk}/").status_code == 404
