"""The podcast feed: who is in it, what it says, and that whoever leaves is gone from it at once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from stories.consent.models import Purpose, current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.publishing.answer import answer
from tests import recordings
from tests.people import work

FEED = "/podcasts/stories/feed.xml"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"


@pytest.fixture
def spoken(contributor, moderator) -> Contribution:
    """A published recording with everything said yes to, and a name that was chosen."""
    Purpose.objects.filter(slug="podcast_syndication").update(validity_days=30)
    contributor.tell(
        "The kettle \x0b& the <bus>",
        "What helped me that year.",
        recording=recordings.sound("mp3", 1),
        shown_name="Morven",
    )
    work()
    moderator.approve(moderator.waiting()[0], content_notes=["suicide", "bereavement"])
    work()
    return Contribution.objects.get()


def say(story: Contribution, purpose: str, said: str, choice: str = "") -> None:
    answer(story, Answer(current_statement(purpose), said, choice))


def channel(client):
    response = client.get(FEED)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).find("channel")


def test_an_episode_has_all_that_podcast_apps_need(spoken, stranger, settings):
    show = channel(stranger.client)
    assert show.find("language").text == "en-gb"
    assert show.find(f"{ITUNES}explicit").text == "false"
    assert show.find(f"{ITUNES}category/{ITUNES}category").get("text") == "Mental Health"
    assert show.find(f"{PODCAST}locked").text == "yes"
    assert len(show.find(f"{PODCAST}guid").text) == 36
    own = show.find("{http://www.w3.org/2005/Atom}link")
    assert (own.get("rel"), own.get("href")) == ("self", settings.SITE_ADDRESS + FEED)

    [item] = show.findall("item")
    assert item.find("title").text == "The kettle & the <bus>"
    assert item.find("link").text.startswith(f"{settings.SITE_ADDRESS}/stories/the-kettle-the-bus-")
    assert "What helped me that year." in item.find("description").text
    assert "This story talks about suicide and bereavement." in item.find("description").text
    guid = item.find("guid")
    assert (guid.text, guid.get("isPermaLink")) == (spoken.reference, "false")
    assert item.find("pubDate").text.endswith("+0000")
    assert 1 <= int(item.find(f"{ITUNES}duration").text) <= 20
    assert item.find(f"{PODCAST}person").text == "Morven"
    assert item.find(f"{PODCAST}transcript") is None

    enclosure = item.find("enclosure")
    assert enclosure.get("type") == "audio/mpeg"
    address = enclosure.get("url")
    assert address == f"{settings.SITE_ADDRESS}/podcasts/stories/{spoken.reference}.mp3"
    path = address.removeprefix(settings.SITE_ADDRESS)
    whole = stranger.client.get(path)
    body = b"".join(whole.streaming_content)
    assert len(body) == int(enclosure.get("length")) == int(whole["Content-Length"])
    part = stranger.client.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == body[100:200]
    # No name: none in the feed. And it reserves mining until everybody in it allows that.
    feed = stranger.client.get(FEED)
    assert feed["X-Robots-Tag"] == "noindex, noarchive, noai, noimageai"
    assert feed["tdm-reservation"] == "1"
    say(spoken, "ai_reuse", "yes")
    feed = stranger.client.get(FEED)
    assert feed["X-Robots-Tag"] == "noindex, noarchive"
    assert feed["tdm-reservation"] == "0"
    assert "Morven" in feed.content.decode()
    say(spoken, "show_name", "no", "none")
    assert "Morven" not in stranger.client.get(FEED).content.decode()

    for elsewhere in (path.replace("/stories/", "/others/"), FEED.replace("stories", "others")):
        assert stranger.client.get(elsewhere).status_code == 404


def test_whoever_leaves_is_gone_with_the_next_request_and_validators_tell(
    spoken, contributor, stranger, monkeypatch
):
    """Before any worker runs: nothing here calls work() between leaving and looking."""
    enclosure = f"/podcasts/stories/{spoken.reference}.mp3"
    get = stranger.client.get
    last_etag = last_modified = ""

    def check(inside: bool, status: int, changed: bool = True) -> None:
        nonlocal last_etag, last_modified
        feed = get(FEED)
        assert feed.status_code == 200
        assert (spoken.reference in feed.content.decode()) is inside
        assert get(enclosure).status_code == status
        assert feed["Cache-Control"] == "no-cache"
        if last_etag and changed:
            assert feed["ETag"] != last_etag
            assert get(FEED, headers={"If-None-Match": last_etag}).status_code == 200
            assert get(FEED, headers={"If-Modified-Since": last_modified}).status_code == 200
        assert get(FEED, headers={"If-None-Match": feed["ETag"]}).status_code == 304
        last_etag, last_modified = feed["ETag"], feed["Last-Modified"]

    check(inside=True, status=200)
    say(spoken, "podcast_syndication", "no")
    check(inside=False, status=404)
    [address] = stranger.stories()
    assert get(f"{address}media/story.mp3").status_code == 200  # only the podcast was taken back

    say(spoken, "podcast_syndication", "yes")
    check(inside=True, status=200)
    contributor.client.post("/my-story/rest/")
    check(inside=False, status=404)
    contributor.client.post("/my-story/rest/")
    work()
    check(inside=True, status=200)

    real_now = timezone.now
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: real_now() + timedelta(days=31))
        before = last_etag, last_modified
        check(inside=False, status=404)  # nobody did anything: the time has run out
        assert get(address).status_code == 200
    last_etag, last_modified = before

    time.sleep(2)  # HTTP dates count seconds: when nothing happens, they match too
    last_modified = get(FEED)["Last-Modified"]
    assert get(FEED, headers={"If-Modified-Since": last_modified}).status_code == 304
    contributor.client.post("/my-story/rest/")  # no consent is touched by this
    check(inside=False, status=404)
    contributor.take_down()
    check(inside=False, status=410, changed=False)  # it was not in it any more


def test_an_empty_feed_is_a_feed_and_stays_the_same(stranger):
    first, second = stranger.client.get(FEED), stranger.client.get(FEED)
    assert channel(stranger.client).findall("item") == []
    assert first["ETag"] == second["ETag"]
    assert stranger.client.post(FEED).status_code == 405
