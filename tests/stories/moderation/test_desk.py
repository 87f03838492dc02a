"""The desk: for moderators only, and one decision a story."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import ModelLogEntry, PageLogEntry

from stories.contributions.models import Contribution
from stories.pages.models import StoryPage
from tests import recordings
from tests.people import work


@pytest.mark.parametrize("page", ["", "{}/", "{}/approve/", "{}/decline/", "{}/media/story.mp3"])
def test_nobody_else_gets_in(contributor, moderator, page):
    contributor.tell()
    [reference] = moderator.waiting()
    address = "/admin/contributions/" + page.format(reference)
    outsider, editor = Client(), Client()
    editor.force_login(get_user_model().objects.create_user("editor", password="x"))
    for client in (outsider, editor, contributor.client):
        for answer in (client.get(address), client.post(address, {})):
            assert answer.status_code in {302, 403}
            assert "contributions" not in answer.get("Location", "").partition("?")[0]
    assert Contribution.objects.get().state == "submitted"


def test_a_draft_is_its_writers_alone(contributor, moderator):
    contributor.begin()
    reference = Contribution.objects.get().reference
    assert moderator.waiting() == []
    assert moderator.client.get(f"/admin/contributions/{reference}/").status_code == 404


def test_an_empty_queue_says_so(moderator):
    assert "Nobody is waiting" in moderator.queue()


def test_what_waits_is_the_first_thing_that_a_moderator_sees(contributor, moderator):
    """And no title: an admin's first page is what stays open on a desk."""
    home = moderator.client.get("/admin/").content.decode()
    assert "Nobody is waiting" in home
    contributor.tell("A canary sings")
    home = moderator.client.get("/admin/").content.decode()
    assert re.search(r'href="/admin/contributions/">1 story to read<', home)
    assert "canary" not in home
    editor = Client()
    user = get_user_model().objects.create_user("editor", password="x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    editor.force_login(user)
    assert "to read" not in editor.get("/admin/").content.decode()


def test_declining_tells_why_and_keeps_the_story_theirs(contributor, moderator, stranger):
    contributor.tell("Buy my tonic", "It is only ten pounds.")
    [reference] = moderator.waiting()
    response = moderator.decline(reference, reason="", letter="")
    assert response.status_code == 422
    assert "Choose the reason" in response.content.decode()
    moderator.decline(reference, reason="selling", letter="We were moved by the second half.")
    work()
    page = contributor.my_page()
    assert "it offers something for sale" in page
    assert "moved by the second half" in page
    assert "ten pounds" in page
    assert stranger.stories() == []


def test_two_moderators_decide_once(contributor, moderator):
    contributor.tell()
    [reference] = moderator.waiting()
    moderator.decline(reference, reason="other", letter="Sorry.")
    answer = moderator.client.post(f"/admin/contributions/{reference}/approve/", follow=True)
    assert "already decided" in answer.content.decode()
    assert Contribution.objects.get().state == "declined"


def test_a_recording_cannot_be_approved_before_it_is_ready(contributor, moderator):
    contributor.tell(recording=recordings.sound("mp3", 1))
    [reference] = moderator.waiting()
    answer = moderator.client.post(f"/admin/contributions/{reference}/approve/", follow=True)
    assert "still being prepared" in answer.content.decode()
    assert Contribution.objects.get().state == "submitted"


def test_wagtails_logs_hold_no_words_of_the_story(contributor, moderator):
    contributor.tell("An unmistakable title", shown_name="Morven")
    moderator.approve(moderator.waiting()[0])
    work()
    contributor.destroy()
    work()
    for entries in (PageLogEntry.objects.all(), ModelLogEntry.objects.all()):
        written = str(list(entries.values()))
        assert "unmistakable" not in written
        assert "Morven" not in written
    assert ModelLogEntry.objects.filter(action="stories.approve").exists()


def test_a_story_page_cannot_be_touched_in_the_admin(contributor, moderator):
    contributor.tell("A title of one's own")
    moderator.approve(moderator.waiting()[0])
    work()
    page = StoryPage.objects.get()
    admin = Client()
    admin.force_login(get_user_model().objects.create_superuser("admin", password="x"))
    for verb in ("edit", "delete", "unpublish", "move", "copy"):
        answer = admin.post(f"/admin/pages/{page.pk}/{verb}/", {"title": "Mine now"})
        assert answer.status_code in {302, 403, 404}, verb
    add = admin.get(f"/admin/pages/add/stories/storypage/{page.get_parent().pk}/")
    assert add.status_code in {302, 403, 404}
    page.refresh_from_db()
    assert page.live
    assert page.title == Contribution.objects.get().reference
    assert not page.revisions.exists()
    listing = admin.get(f"/admin/pages/{page.get_parent().pk}/").content.decode()
    assert "one's own" not in listing.replace("&#x27;", "'")
