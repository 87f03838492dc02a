"""The way back in, and who else does not get in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import URLPattern
from django.utils import timezone

from stories.consent.events import ConsentEvent, Receipt
from stories.contributions import links
from stories.contributions.asks import Ask
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.letters.models import Letter
from stories.mine.urls import urlpatterns
from tests.people import Contributor, work

ROOM = "/my-story/"
GAPS = {
    "<slug:slug>": "research_access",
    "<uuid:key>": "00000000-0000-4000-8000-000000000000",
    "<uuid:number>": "00000000-0000-4000-8000-000000000000",
    "<int:number>": "1",
    "<str:token>": "a" * 43,
}


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


def address_of(pattern: URLPattern) -> str:
    """An address that a route answers, with something harmless in its gaps."""
    route = str(pattern.pattern)
    if route.startswith("^"):
        return ROOM + "a" * 43
    for gap, filling in GAPS.items():
        route = route.replace(gap, filling)
    return ROOM + re.sub(r"<\w+:\w+>", "nothing", route)


def everything_kept() -> list:
    """All rows that a page of this room could change."""
    models = (Contribution, PrivateLink, ConsentEvent, Receipt, Ask, Participant, Letter)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("out", [False, True], ids=["sent", "on the site"])
def test_opening_any_address_changes_nothing_and_is_kept_by_no_cache(
    contributor, moderator, stranger, out
):
    """Mail scanners and previews open every address that they find."""
    contributor.tell("My own title")
    if out:
        moderator.approve(moderator.waiting()[0])
        work()
    before = everything_kept()
    addresses = [address_of(pattern) for pattern in urlpatterns]
    assert len(addresses) > 20
    addresses += [contributor.link, contributor.link.rstrip("/"), ROOM + "agreed/site_search/"]
    for client in (contributor.client, stranger.client):
        for address in addresses:
            for response in (client.get(address), client.head(address)):
                assert response.status_code < 500, address
                assert "no-store" in response.get("Cache-Control", ""), address
                title = (
                    re.search(r"<title>([^<]*)", response.content.decode())
                    if (not response.streaming)
                    else None
                )
                assert title is None or "My own title" not in title[1]
    assert everything_kept() == before


def test_no_answer_to_what_is_sent_is_kept_by_a_cache(contributor, stranger, settings):
    settings.CODE_TRIES_PER_PLACE_PER_HOUR = 2
    contributor.tell()
    statuses = set()
    for client in (contributor.client, stranger.client):
        for pattern in urlpatterns:
            if client is contributor.client:
                client.get(contributor.link)  # some of these addresses forget the device
            response = client.post(address_of(pattern), {"code": "0000"})
            statuses.add(response.status_code)
            assert "no-store" in response.get("Cache-Control", ""), pattern
    for _ in range(3):
        response = stranger.client.post(ROOM + "code/", {"code": "0000"})
        assert "no-store" in response["Cache-Control"]
    assert response.status_code == 429
    assert {200, 302, 404, 422} <= statuses


def test_every_page_has_the_way_out(contributor):
    contributor.tell()
    for pattern in urlpatterns:
        response = contributor.client.get(address_of(pattern))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            page = response.content.decode()
            assert 'href="https://www.bbc.co.uk/weather"' in page, pattern
            assert "data-exit" in page


def test_a_new_link_ends_the_old_ones(contributor, monkeypatch):
    contributor.tell("My own title")
    lost, old, mail = contributor.code, contributor.link, Contributor()
    mail.client.get(f"{ROOM}{links.mint_link(Contribution.objects.get())}/")
    assert "My own title" in mail.my_page()
    contributor.client.post(ROOM + "new-link/")  # a double click: the browser drops this answer
    contributor.client.cookies["my_story"] = old.strip("/").rpartition("/")[2]
    page = contributor.client.post(ROOM + "new-link/").content.decode()
    link = page.partition('id="private-link">')[2].partition("<")[0]
    code = page.partition('id="private-code">')[2].partition("<")[0]
    # This device stays, that of the mailed link does not, and nothing is shown a second time.
    assert "My own title" in contributor.my_page()
    assert "Come in" in mail.my_page()
    assert code not in contributor.client.get(ROOM + "new-link/").content.decode()
    other = Contributor()
    assert other.client.post(ROOM + "code/", {"code": lost}).status_code == 422
    assert other.client.post(ROOM + "code/", {"code": code}).status_code == 302
    assert other.client.get(link.replace("http://testserver", "")).status_code == 302
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert Contributor().client.get(old).status_code == 410
    assert PrivateLink.objects.filter(revoked_at=None, expires_at__gt=later).count() == 3


def test_a_new_link_leaves_other_peoples_links_alone(contributor):
    contributor.tell()
    story = Contribution.objects.get()
    theirs = links.mint_link(story, Participant.ask(story, "Jean"))
    contributor.client.post(ROOM + "new-link/")
    assert links.find_link(theirs).is_open


def test_a_link_without_its_last_stroke_is_not_kept_in_a_redirect(contributor):
    contributor.tell("My own title")
    other = Contributor()
    response = other.client.get(contributor.link.rstrip("/"))
    assert (response.status_code, response.url) == (302, "/my-story/")
    assert "My own title" in other.my_page()


def test_a_wrong_code_stays_as_it_was_typed(stranger, site):
    response = stranger.client.post(ROOM + "code/", {"code": "7k3m 92qd"})
    assert response.status_code == 422
    assert 'value="7k3m 92qd"' in response.content.decode()
