"""Podcast series and chapters: their pages, their place at the desk, and what apps are given."""

from __future__ import annotations

import io
import json
import re

import podcastparser
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mutagen.id3 import ID3
from PIL import Image

from media_pipeline import ffmpeg
from media_pipeline.chapters import MOST, id3_tag
from media_pipeline.stages import clean
from stories import feeds
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.chapters import BadChapters, as_lines, read_chapters
from stories.contributions.models import Contribution
from stories.pages.series import EpisodePlace, PodcastSeries
from stories.publishing.answer import answer
from tests import recordings
from tests.people import work

# It knows the namespace by an older name only.
podcastparser.Namespace.NAMESPACES["https://podcastindex.org/namespace/1.0"] = "podcast"

FEED = "/podcasts/stories/feed.xml"
CHAPTERS = "0:00 The back room\n0:02 “Tha e fuar”, and a kettle"


def say(story: Contribution, purpose: str, said: str) -> None:
    answer(story, Answer(current_statement(purpose), said))


def told(contributor, moderator, title: str, **answers: str) -> Contribution:
    """A published recording of some seconds."""
    recording = recordings.sound("mp3", 1)
    contributor.tell(title, "A room in Oban.", recording=recording, **answers)
    work()
    moderator.approve(moderator.waiting()[0], content_notes=["bereavement"])
    work()
    return Contribution.objects.latest("pk")


def at_desk(moderator, story: Contribution, **posted):
    return moderator.client.post(f"/admin/contributions/{story.reference}/podcast/", posted)


def fetched(client, path: str, **headers: str) -> bytes:
    response = client.get(path, headers=headers)
    assert response.status_code in {200, 206}
    return b"".join(response.streaming_content)


def heard_by_an_app(client, path: str = FEED) -> dict:
    """The feed as gPodder reads it."""
    response = client.get(path)
    assert response.status_code == 200
    return podcastparser.parse(settings.SITE_ADDRESS + path, io.BytesIO(response.content))


def test_chapters_go_out_with_the_contributors_yes_and_close_with_the_podcast(
    contributor, moderator, stranger, tmp_path
):
    story = told(contributor, moderator, "Three of us and a kettle")
    get = stranger.client.get
    sound = f"/podcasts/stories/{story.reference}.mp3"
    marks = f"/podcasts/stories/{story.reference}.chapters.json"
    before, etag = fetched(stranger.client, sound), get(FEED)["ETag"]
    [address] = stranger.stories()

    def on_the_page() -> list[str]:
        page = get(address).content.decode()
        if 'id="chapters"' not in page:
            return []
        return re.findall(r'href="([^"]+#player)" data-start', page.split('id="chapters"')[1])

    for bad in (
        "0:00 Alone",
        "0:01 Late\n0:02 Later",
        "0:00 A\n9:59 Beyond",
        "none",
        "0:00 A\n0:00 B",
    ):
        assert at_desk(moderator, story, do="chapters", chapters=bad).status_code == 422
    assert at_desk(moderator, story, do="chapters", chapters=CHAPTERS).status_code == 302
    # Nobody has agreed to them yet.
    assert fetched(stranger.client, sound) == before
    assert get(marks).status_code == 404
    assert on_the_page() == []
    assert "chapters_json_url" not in heard_by_an_app(stranger.client)["episodes"][0]
    assert "The back room" in contributor.client.get("/my-story/agree/").content.decode()
    contributor.agree()
    work()

    assert get(FEED)["ETag"] != etag
    [episode] = heard_by_an_app(stranger.client)["episodes"]
    assert episode["chapters_json_url"] == settings.SITE_ADDRESS + marks
    assert get(marks)["Content-Type"] == "application/json+chapters"
    assert json.loads(get(marks).content) == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0, "title": "The back room"},
            {"startTime": 2, "title": "“Tha e fuar”, and a kettle"},
        ],
    }
    whole = fetched(stranger.client, sound)
    assert len(whole) == episode["enclosures"][0]["file_size"] == int(get(sound)["Content-Length"])
    tag = len(whole) - len(before)
    # What was proven clean is all there and as it was; before it stand the chapters alone.
    assert whole[tag:] == before
    part = fetched(stranger.client, sound, Range=f"bytes={tag - 7}-{tag + 6}")
    assert part == whole[tag - 7 : tag + 7]
    assert fetched(stranger.client, sound, Range="bytes=-50") == whole[-50:]
    assert {kind[:4] for kind in ID3(fileobj=io.BytesIO(whole))} == {"CTOC", "CHAP"}
    file = tmp_path / "story.mp3"
    file.write_bytes(whole)
    read = ffmpeg.probe(file)["chapters"]
    titles = [chapter["tags"]["title"] for chapter in read]
    assert titles == ["The back room", "“Tha e fuar”, and a kettle"]
    assert [float(chapter["start_time"]) for chapter in read] == [0, 2]
    file.write_bytes(whole[tag:])
    clean.prove("story.mp3", file)
    # The page's own player goes on with the file that has none.
    assert fetched(stranger.client, f"{address}media/story.mp3") == before
    page = get("/podcasts/stories/").content.decode()
    assert f'href="{address}?t=2"' in page

    assert on_the_page() == ["?t=0#player", "?t=2#player"]
    with CaptureQueriesContext(connection) as asked:
        get(address)
    assert len(asked) <= 12

    series = f"<loc>{settings.SITE_ADDRESS}/podcasts/stories/</loc>"
    for said in ("yes", "no"):
        say(story, "external_search_engines", said)
        assert (series in get("/sitemap.xml").content.decode()) is (said == "yes")

    say(story, "podcast_syndication", "no")
    assert on_the_page() == []
    assert {get(path).status_code for path in (sound, marks)} == {404}
    say(story, "podcast_syndication", "yes")
    assert {get(path).status_code for path in (sound, marks)} == {200}
    contributor.take_down()
    assert {get(path).status_code for path in (sound, marks)} == {410}


def test_a_series_shows_what_may_be_listed_and_its_feed_what_is_syndicated(
    contributor, moderator, stranger, monkeypatch
):
    get = stranger.client.get

    def queries(*paths: str) -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                assert get(path).status_code == 200
            counts.append(len(caught))
        return counts

    empty = get("/podcasts/stories/").content.decode()
    assert "nothing to hear in this series just now" in empty
    first = told(contributor, moderator, "The first cup", shown_name="Morven")
    made = {
        "title": "Kettle & cups",
        "slug": "kettle",
        "description": "Three of us.",
        "order": "serial",
        "theme": "connectedness",
        "contact_email": "podcast@example.org",
    }
    add = "/admin/snippets/stories/podcastseries/add/"
    assert moderator.client.post(add, made).status_code == 302
    assert "Kettle &amp; cups" in get("/podcasts/").content.decode()

    kettle = "/podcasts/kettle/feed.xml"
    held = {path: get(path)["ETag"] for path in (FEED, kettle)}
    series = PodcastSeries.objects.get(slug="kettle")
    assert at_desk(moderator, first, do="place", series=series.pk, number=2).status_code == 302
    for path, etag in held.items():
        assert get(path, headers={"If-None-Match": etag}).status_code == 200
    assert heard_by_an_app(stranger.client)["episodes"] == []
    show = heard_by_an_app(stranger.client, kettle)
    assert (show["title"], show["type"]) == ("Kettle & cups", "serial")
    assert show["link"] == settings.SITE_ADDRESS + "/podcasts/kettle/"
    assert (show["explicit"], show["import_prohibited"]) == (False, True)
    assert show["itunes_categories"] == [["Health & Fitness", "Mental Health"]]
    assert show["itunes_owner"]["email"] == "podcast@example.org"
    [episode] = show["episodes"]
    assert (episode["number"], episode["type"]) == (2, "full")
    assert episode["guid"] == first.reference
    assert "This story talks about bereavement." in episode["description"]
    [person] = episode["persons"]
    assert (person["name"], person["role"]) == ("Morven", "guest")
    assert "transcript_url" not in episode
    assert get(f"/podcasts/stories/{first.reference}.mp3").status_code == 404
    assert get(f"/podcasts/kettle/{first.reference}.mp3").status_code == 200
    with Image.open(io.BytesIO(get("/podcasts/kettle/cover.jpg").content)) as cover:
        assert (cover.format, cover.mode) == ("JPEG", "RGB")
        assert cover.width == cover.height
        assert 1400 <= cover.width <= 3000
    assert show["cover_url"] == settings.SITE_ADDRESS + "/podcasts/kettle/cover.jpg"
    tag = get("/podcasts/kettle/cover.jpg")["ETag"]
    assert get("/podcasts/kettle/cover.jpg", headers={"If-None-Match": tag}).status_code == 304

    queries("/podcasts/kettle/")  # Wagtail asks once where the site's root is
    asked = queries("/podcasts/kettle/", kettle)
    page = get("/podcasts/kettle/").content.decode()
    assert settings.SITE_ADDRESS + kettle in page
    assert "The first cup" in page
    assert "bereavement" in page
    say(first, "site_search", "no")  # out of our lists, and still in the podcast
    assert "The first cup" not in get("/podcasts/kettle/").content.decode()
    assert len(heard_by_an_app(stranger.client, kettle)["episodes"]) == 1

    second = told(type(contributor)(), moderator, "Before all cups")
    taken = at_desk(moderator, second, do="place", series=series.pk, number=2)
    assert taken.status_code == 409
    at_desk(moderator, second, do="place", series=series.pk, number=1)
    say(first, "site_search", "yes")
    assert queries("/podcasts/kettle/", kettle) == asked  # of two episodes as often as of one
    assert max(asked) <= 15
    monkeypatch.setattr(feeds, "PAGE_SIZE", 1)
    foremost = heard_by_an_app(stranger.client, kettle)
    assert [episode["title"] for episode in foremost["episodes"]] == ["Before all cups"]
    onward = foremost["paged_feed_next"].removeprefix(settings.SITE_ADDRESS)
    further = heard_by_an_app(stranger.client, onward)
    assert [episode["title"] for episode in further["episodes"]] == ["The first cup"]
    assert "paged_feed_next" not in further
    for page in ("0", "3", "x"):
        assert get(kettle, {"page": page}).status_code == 404
    contributor.destroy()
    work()
    assert not EpisodePlace.objects.filter(contribution=first).exists()


def test_chapters_are_read_as_they_are_written():
    written = "0:00 Here\n\n 59:59  It  is\r\n1:00:00 \x0bLate 1:02"
    read = read_chapters(written, 4000)
    assert [mark["start"] for mark in read] == [0, 3599, 3600]
    assert read[1]["title"] == "It is"
    assert read_chapters(as_lines(read), 4000) == read
    assert read_chapters(" \n", 60) == []
    many = "\n".join(f"{n // 60}:{n % 60:02} Part" for n in range(101))
    for bad in ("0:00 A\n0:60 B", "0:00 A\n1:60:00 B", "0:00 A\n0:01 " + "x" * 101, many, "0:00"):
        with pytest.raises(BadChapters):
            read_chapters(bad, 9000)
    with pytest.raises(ValueError, match="chapters"):
        id3_tag([(n, "Part") for n in range(MOST + 1)], 300)
    assert id3_tag([], 300) == b""
