"""A lost link comes by e-mail, and who asks learns nothing."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

from stories.contributions.models import Contribution
from stories.contributions.places import PlaceCount
from stories.letters.models import Letter, LinkRequest
from stories.publishing.tick import tick
from tests.people import Contributor, forget_work, work

LOST = "/my-story/lost/"
ADDRESS = "ann@example.org"


def ask_for(address: str, client: Client | None = None):
    return (client or Client()).post(LOST, {"email": address})


def without_token(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode())


def test_the_letter_opens_the_page_and_a_stranger_sees_no_difference(contributor):
    contributor.tell("The garlic is up", email=ADDRESS)
    work()
    mail.outbox.clear()
    unknown = ask_for("nobody@example.org")
    assert LinkRequest.objects.count() == 1
    known = ask_for("  Ann@Example.ORG ")
    assert (known.status_code, without_token(known.content)) == (
        200,
        without_token(unknown.content),
    )
    assert "no-store" in known["Cache-Control"]
    # While the visitor waits, the same is done: no letter yet, one row and one bell each.
    assert not Letter.objects.filter(kind="link").exists()
    assert LinkRequest.objects.count() == 2
    assert "ann@" not in str(list(LinkRequest.objects.values())).lower()
    forget_work()  # the bells are lost, and rung again
    assert tick()["lost links rung"] == 2
    work()
    assert not LinkRequest.objects.exists()
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    device = Contributor()
    device.client.get(re.search(r"/my-story/[\w-]{43}/", letter.body)[0])
    assert "The garlic is up" in device.my_page()


def test_one_letter_for_each_of_theirs_and_three_a_day(contributor, clock):
    contributor.tell("The first", email=ADDRESS)
    Contributor().tell("The second", email=ADDRESS)
    Contributor().tell("No address at all")
    work()
    mail.outbox.clear()
    for count in (2, 4, 6, 6, 6):
        ask_for(ADDRESS)
        work()
        assert len(mail.outbox) == count
    links = {re.search(r"/my-story/[\w-]{43}/", letter.body)[0] for letter in mail.outbox}
    assert len(links) == 6
    clock.set(days=1)
    ask_for(ADDRESS)
    work()
    assert len(mail.outbox) == 8


def test_what_was_typed_wrongly_is_kept_and_explained(site):
    for typed, said in (("ann at example", "look like an e-mail address"), ("", "Please write")):
        answer = ask_for(typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert f'value="{typed}"' in page or not typed
    assert not LinkRequest.objects.exists()


def test_one_place_may_not_go_through_a_list_of_addresses(site, settings):
    settings.CODE_TRIES_PER_PLACE_PER_HOUR = 3
    for _ in range(3):
        assert ask_for("one@example.org").status_code == 200
    asked = LinkRequest.objects.count()
    answer = ask_for(ADDRESS)
    assert answer.status_code == 429
    assert ADDRESS in answer.content.decode()
    assert LinkRequest.objects.count() == asked
    assert ADDRESS not in str(list(PlaceCount.objects.values()))


def test_nothing_is_sent_for_a_story_that_was_destroyed(contributor):
    contributor.tell(email=ADDRESS)
    contributor.destroy()
    work()
    assert Contribution.objects.get().state == "erased"
    mail.outbox.clear()
    assert ask_for(ADDRESS).status_code == 200
    work()
    assert mail.outbox == []
