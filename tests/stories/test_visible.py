"""What a purpose changes can be seen: in every list, head, header, file and address."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from search import api as search
from stories.consent.exits import EXITS
from stories.consent.models import Purpose, current_statement
from stories.consent.reading import consents_of
from stories.consent.record import Answer, record
from stories.contributions.allowed import consents_for, exits_of, exits_of_many
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.contributions.versions import StoryVersion
from stories.pages.models import StoryPage
from stories.publishing.answer import answer
from tests import recordings
from tests.people import Contributor, work

NAME = "Quenthrith"
KINDS = ("read", "listen", "watch")
LISTS = ("/", "/stories/", "/stories/?kind=read", "/stories/?theme=hope", "/search/?q=canary")


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    """A written story that allows what the form asks, and nothing that is asked later."""
    contributor.tell("A canary sings", "In the kitchen, a canary.", shown_name=NAME)
    moderator.approve(moderator.waiting()[0], themes=["hope"], content_notes=["suicide"])
    work()
    return Contribution.objects.get()


def say(story: Contribution, purpose: str, said: str, choice: str = "") -> None:
    answer(story, Answer(current_statement(purpose), said, choice))


def page_of(story: Contribution) -> str:
    return StoryPage.objects.get(contribution=story).url


# Lists.


def test_without_site_search_no_list_knows_the_story(published, stranger):
    address = page_of(published)
    get = stranger.client.get
    for listed in LISTS:
        assert address in get(listed).content.decode(), listed
    say(published, "site_search", "no")  # and no worker runs
    for listed in LISTS:
        page = get(listed).content.decode()
        assert address not in page, listed
        assert "canary sings" not in page, listed
        assert 'class="count"' not in page, listed
    visible = StoryPage.objects.listed().values("contribution__reference")
    assert search.suggest("cana", visible=visible) == []
    assert get(address).status_code == 200
    # Another purpose, and not taken back: outside search engines may still have it.
    assert address in get("/sitemap.xml").content.decode()


def test_lists_ask_the_database_as_often_for_many_stories_as_for_two(
    published, moderator, stranger
):
    def asked(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert stranger.client.get(address).status_code == 200
        return len(queries)

    def tell(number: int) -> None:
        Contributor().tell(f"Canary {number}", "Another canary.", shown_name=f"Name {number}")
        moderator.approve(moderator.waiting()[0], themes=["hope"], content_notes=["suicide"])

    tell(0)
    work()
    addresses = ("/", "/stories/", "/stories/?theme=hope", "/search/?q=canary", "/sitemap.xml")
    for address in addresses:
        asked(address)  # fills the caches that outlive a request
    few = {address: asked(address) for address in addresses}
    assert few["/stories/"] <= 15
    assert asked(page_of(published)) <= 12  # with a story to go on to
    for number in range(1, 6):
        tell(number)
    work()
    assert {address: asked(address) for address in addresses} == few
    assert "Name 5" in stranger.client.get("/stories/").content.decode()


# The registry, asked one by one, in bulk and by the database.


def test_one_many_and_the_database_agree_about_every_exit(published, contributor):
    someone = Participant.ask(published, "my sister")
    later = {purpose.slug for purpose in Purpose.objects.all()}
    page = StoryPage.objects.filter(contribution=published)
    held = [set(), {"site_search"}, later - {"publish_text"}, later]
    for mine in held:
        for theirs in held:
            for key, yes in ((published.contributor_key, mine), (someone.key, theirs)):
                for slug in later:
                    statement = current_statement(slug)
                    record(key, Answer(statement, "yes" if slug in yes else "no"))
            exits = exits_of(published)
            assert exits_of_many([published]) == {published.pk: exits}
            for door in EXITS:
                if not door.choice:
                    found = page.with_exit(door.name).exists()
                    assert found is (door.name in exits), door.name
    Participant.objects.update(state=Participant.State.CUT)
    assert exits_of_many([published])[published.pk] == exits_of(published)
    assert consents_for(published) == consents_of(published.contributor_key)


# Outside search.


def test_outside_search_decides_sitemap_structured_data_and_rules(published, stranger, settings):
    get, address = stranger.client.get, page_of(published)
    whole = settings.SITE_ADDRESS + address

    def sitemap() -> list[str]:
        tree = ElementTree.fromstring(get("/sitemap.xml").content)
        return [
            found.text for found in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
        ]

    home = settings.SITE_ADDRESS + "/"
    others = [home + each for each in ("my-recovery/", "resources/", "podcasts/stories/")]
    assert sitemap() == [home, home + "stories/", *others, whole]
    page = get(address)
    data = structured(page)
    assert data["@type"] == "Article"
    assert data["author"]["name"] == NAME
    assert data["url"] == whole
    assert "noindex" not in page.content.decode()
    assert "noindex" not in page["X-Robots-Tag"]
    assert "noindex" not in get("/stories/").content.decode()

    say(published, "external_search_engines", "no")
    assert sitemap() == [home, *others]
    page = get(address)
    assert structured(page) is None
    assert page["X-Robots-Tag"].startswith("noindex, noarchive")
    assert '<meta name="robots" content="noindex, noarchive' in page.content.decode()
    # The list shows its title and first words, so the list is not for engines either.
    assert get("/stories/")["X-Robots-Tag"].startswith("noindex, noarchive")


def structured(response):
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode()
    )
    return json.loads(found[1]) if found else None


def test_a_title_cannot_break_out_of_the_structured_data(contributor, moderator, stranger):
    title = "</script><script>alert(1)</script> & <b>"
    contributor.tell(title, "Words.")
    moderator.approve(moderator.waiting()[0])
    work()
    page = stranger.client.get(page_of(Contribution.objects.get()))
    assert "<script>alert" not in page.content.decode()
    assert structured(page)["name"] == title


def test_robots_txt_lets_engines_in_but_not_where_people_are_private(stranger, settings):
    lines = stranger.client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    for closed in ("/my-story/", "/share-your-story/", "/search/", "/admin/"):
        assert f"Disallow: {closed}" in lines
    assert f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml" in lines
    assert not any(line.startswith("Disallow: /stories") for line in lines)


def test_models_are_refused_until_somebody_says_yes(published, stranger):
    get, address = stranger.client.get, page_of(published)
    page = get(address)
    assert page["X-Robots-Tag"] == "noai, noimageai"
    assert page["tdm-reservation"] == "1"
    assert '<meta name="robots" content="noai, noimageai">' in page.content.decode()
    assert '<meta name="tdm-reservation" content="1">' in page.content.decode()
    say(published, "ai_reuse", "yes")
    page = get(address)
    assert "X-Robots-Tag" not in page
    # Said aloud, because the site's own file reserves everything.
    assert page["tdm-reservation"] == "0"
    assert "noai" not in page.content.decode()
    assert '<meta name="tdm-reservation" content="0">' in page.content.decode()
    say(published, "ai_reuse", "no")
    assert get(address)["tdm-reservation"] == "1"


# Sharing.


def test_nothing_of_sharing_is_there_without_leave(published, stranger, settings):
    get, address = stranger.client.get, page_of(published)
    whole = settings.SITE_ADDRESS + address
    signs = ('property="og:', "oembed", "mailto:", "Share this story")

    def asked(**query):
        return get("/oembed/", {"url": whole, "format": "json"} | query)

    page = get(address).content.decode()
    assert [sign for sign in signs if sign in page] == []
    assert asked().status_code == 404

    say(published, "social_media", "yes")
    page = get(address).content.decode()
    assert [sign for sign in signs if sign not in page] == []
    assert f'<meta property="og:url" content="{whole}">' in page
    assert "In the kitchen, a canary. This story talks about suicide." in page
    link = re.search(r'type="application/json\+oembed"[^>]* href="([^"]+)"', page)[1]
    found = get(link.replace("&amp;", "&").removeprefix(settings.SITE_ADDRESS))
    assert found.json()["title"] == "A canary sings"
    assert found.json()["type"] == "link"
    assert found.json()["author_name"] == NAME
    assert asked(format="yaml").status_code == 501
    assert asked(url="").status_code == 400
    for other in (f"https://elsewhere.example{address}", settings.SITE_ADDRESS + "/", "nonsense"):
        assert asked(url=other).status_code == 404

    say(published, "show_name", "no", "none")
    assert NAME not in asked().content.decode()
    say(published, "social_media", "no")
    page = get(address).content.decode()
    assert [sign for sign in signs if sign in page] == []
    assert asked().status_code == 404


# Names.


def test_no_name_means_none_anywhere(published, stranger):
    """A canary name through everything a visitor, an engine or the page tree of staff can read."""
    say(published, "social_media", "yes")
    work()
    address, reference = page_of(published), published.reference
    tree = Page.objects.child_of(StoryPage.objects.get().get_parent()).get()
    public = [*LISTS, address, f"/search/?q={NAME}", "/podcasts/stories/feed.xml", "/sitemap.xml"]
    public.append(f"/oembed/?url=http://localhost:8000{address}")

    def visible() -> list[str]:
        found = []
        for path in public:
            page = stranger.client.get(path).content.decode()
            # What was typed stands in the search box, and proves nothing.
            shown = page.replace(f'value="{NAME}"', "").replace(f"“{NAME}”", "")
            if NAME in shown.replace(f"<title>{NAME} ·", ""):
                found.append(path)
        return found

    assert {"/stories/", address, f"/search/?q={NAME}"} <= set(visible())
    say(published, "show_name", "no", "none")  # and no worker runs
    assert visible() == []
    assert address not in stranger.client.get(f"/search/?q={NAME}").content.decode()

    low = NAME.lower()
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("editor", password="editor"))
    explorer = staff.get(f"/admin/pages/{tree.get_parent().pk}/").content.decode()
    assert reference in explorer
    assert low not in explorer.lower()
    stored = [tree.title, tree.draft_title, tree.slug, tree.url_path, tree.seo_title]
    stored += [str(entry.data) + entry.label for entry in PageLogEntry.objects.all()]
    stored += [str(entry.data) + entry.label for entry in ModelLogEntry.objects.all()]
    assert [text for text in stored if low in text.lower()] == []


def test_a_name_goes_when_its_time_runs_out(contributor, moderator, stranger, monkeypatch):
    Purpose.objects.filter(slug="show_name").update(validity_days=10)
    contributor.tell("A canary sings", "Words.", name="my_name", shown_name=NAME)
    moderator.approve(moderator.waiting()[0])
    work()
    address = page_of(Contribution.objects.get())
    assert NAME in stranger.client.get(address).content.decode()
    real_now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real_now() + timedelta(days=11))
    for path in (address, "/stories/", "/"):
        page = stranger.client.get(path)
        assert page.status_code == 200
        assert "A canary sings" in page.content.decode()
        assert NAME not in page.content.decode()


# Recordings.


def test_another_voice_closes_every_address_of_the_old_one_at_once(
    contributor, moderator, stranger
):
    """What would have to be made again is closed by the answer itself, before any worker runs."""
    contributor.tell("A film of a reading", recording=recordings.video("mp4", 2), transcribe="yes")
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    story, get = Contribution.objects.get(), stranger.client.get
    address = page_of(story)
    sound = [
        f"{address}media/{name}" for name in ("story.mp3", "audio.m4a", "audio.m3u8", "story.mp4")
    ]
    sound.append(f"/podcasts/stories/{story.reference}.mp3")
    files = [f"{address}transcript.{kind}" for kind in ("txt", "vtt")]

    def kinds() -> list[str]:
        """Under which headings the list has it, with a count of one."""
        lists = {kind: get(f"/stories/?kind={kind}").content.decode() for kind in KINDS}
        found = [kind for kind, page in lists.items() if address in page]
        for kind in KINDS:
            counted = f'>{kind.title()} <span class="count">1<' in lists["read"]
            assert counted is (kind in found)
        return found

    assert kinds() == ["watch"]
    listings = ("/stories/?kind=watch", "/search/?q=leisure")
    still = f'<img src="{address}media/poster.jpg" alt="" width="640" height="360" loading="lazy"'
    for listed in listings:
        assert get(listed).content.decode().count(still) == 1
    StoryVersion.objects.update(face="blurred")
    for listed in listings:
        assert address in get(listed).content.decode()
        assert "poster.jpg" not in get(listed).content.decode()
    StoryVersion.objects.update(face="as_is")
    for path in sound:
        assert get(path).status_code == 200, path
    master = b"".join(get(f"{address}media/master.m3u8").streaming_content).decode()
    assert "audio.m3u8" in master
    media = get(f"{address}media/story.mp3")
    assert (media["X-Robots-Tag"], media["tdm-reservation"]) == ("noai, noimageai", "1")
    assert structured(get(address))["@type"] == "VideoObject"
    for path in files:  # never asked for yet
        assert get(path).status_code == 404
    assert "transcript.txt" not in get(address).content.decode()

    say(story, "transcript_download", "yes")
    assert "transcript.txt" in get(address).content.decode()
    text = get(files[0])
    assert text["Content-Disposition"] == f'attachment; filename="{story.reference}.txt"'
    assert "leisure to consider" in text.content.decode()
    subtitles = b"".join(get(files[1]).streaming_content).decode()
    assert subtitles.startswith("WEBVTT")
    assert "/transcript.vtt" in get("/podcasts/stories/feed.xml").content.decode()

    say(story, "show_unaltered_voice", "no", "disguised")
    for path in sound:
        assert get(path).status_code == 404, path
    master = b"".join(get(f"{address}media/master.m3u8").streaming_content).decode()
    assert "240p.m3u8" in master
    assert "audio" not in master
    page = get(address).content.decode()
    assert "The sound is being made ready and is not here yet, so here is the picture" in page
    for path in sound:
        assert path not in page
    assert story.reference not in get("/podcasts/stories/feed.xml").content.decode()

    assert kinds() == ["watch"]
    assert still in get("/stories/").content.decode()
    say(story, "show_face", "no", "blurred")
    assert kinds() == ["read"]
    assert "poster.jpg" not in get("/stories/").content.decode()
    assert (
        "The recording is being made ready and is not here yet, so here are the words."
        in get(address).content.decode()
    )
    assert structured(get(address))["@type"] == "CreativeWork"
    assert get(files[0]).status_code == 200
    say(story, "transcript_download", "no")
    for path in files:
        assert get(path).status_code == 404
    assert "transcript.txt" not in get(address).content.decode()
    contributor.take_down()
    for path in files:
        assert get(path).status_code == 410
