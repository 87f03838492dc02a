"""Editors' pages in Gaelic; stories stay in the one language they were told in."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource

from archive.documents import ArchiveDocument
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from archive.pages.models import HomePage
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.pages.models import StoriesIndexPage, StoryIsNotCopied, StoryPage
from tests.people import Contributor, work


@pytest.fixture
def editor(site) -> Client:
    person = get_user_model().objects.create_user("ed", "ed@example.org", "x" * 12)
    person.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(person)
    return client


def translated(editor: Client, page: Page, **also: str) -> Page:
    """The Gaelic version that an editor begins with the admin's own form."""
    gaelic = Locale.objects.get(language_code="gd")
    address = f"/admin/localize/submit/page/{page.pk}/"
    editor.post(address, {"locales": [gaelic.pk], **also})
    return page.get_translation(gaelic).specific


def test_a_section_in_gaelic_stands_at_its_own_address(editor, stranger):
    above = RecoveryPage.objects.get()
    film = ResourcePage(title="Signed", summary="In BSL.", words="<p>The page.</p>")
    film.kind = LibraryWord.objects.get(scheme="kind", slug="film")
    film.file = ArchiveDocument.objects.create(title="Signed", file=ContentFile(b"", "signed.mp4"))
    LibraryPage.objects.get().add_child(instance=film)
    polish = {"type": "text", "value": {"words": "<p>Dzień dobry.</p>", "language": "pl"}}
    page = above.add_child(
        instance=SectionPage(
            title="Self-manage", introduction="Small.", signed=film, body=json.dumps([polish])
        )
    )
    alone = stranger.client.get(page.url).content.decode()
    assert '<html lang="en-GB">' in alone
    assert "hreflang" not in alone

    gaelic = translated(editor, page)
    assert gaelic.url == "/gd/my-recovery/self-manage/"
    # Nobody has put it into Gaelic yet: no English words at that address, and no way there.
    assert stranger.client.get(gaelic.url).status_code == 404
    assert "hreflang" not in stranger.client.get(page.url).content.decode()

    gaelic.title = "Fèin-stiùireadh"
    gaelic.save_revision().publish()
    # What the browser would like, and any cookie, change nothing.
    stranger.client.cookies["django_language"] = "gd"
    there = stranger.client.get(page.url, headers={"accept-language": "gd"})
    assert "Accept-Language" not in there.get("Vary", "")
    assert '<html lang="en-GB">' in there.content.decode()
    here = stranger.client.get(gaelic.url).content.decode()
    assert '<html lang="gd">' in here
    assert "Fèin-stiùireadh</h1>" in here
    assert 'lang="pl" dir="ltr"><p>Dzień' in here
    assert film.file_url in here
    assert gaelic.signed == film
    for words, other in (there.content.decode(), gaelic.url), (here, page.url):
        assert re.search(rf'<a href="{other}" lang="[\w-]+" hreflang', words)
        assert re.findall(r'rel="alternate" hreflang="([\w-]+)"', words) == ["en-GB", "gd"]
    # What stands above it is in English only, and is found there.
    assert stranger.client.get("/gd/my-recovery/")["Location"].endswith(above.url)
    assert stranger.client.get("/gd/")["Location"].endswith("/")
    maps = stranger.client.get("/sitemap.xml").content.decode()
    assert maps.count(f'hreflang="gd" href="http://localhost:8000{gaelic.url}"') == 2
    assert "/gd/my-recovery/</loc>" not in maps


def test_the_header_leads_to_gaelic_pages_where_there_are_some(editor, stranger):
    above = RecoveryPage.objects.get()
    page = above.add_child(instance=SectionPage(title="Self-manage", introduction="Small things."))
    section = translated(editor, page)
    section.save_revision().publish()

    def ways() -> list[str]:
        shown = stranger.client.get(section.url).content.decode()
        header = shown[shown.index('<nav class="nav-wide"') : shown.index("</nav>")]
        return re.findall(r"<a ([^>]+)>", header)

    english = ["/stories/", "/search/", "/my-recovery/", "/resources/", "/services/"]
    assert ways() == [f'href="{path}" hreflang="en"' for path in english]
    gaelic = translated(editor, above)
    assert ways()[2] == 'href="/my-recovery/" hreflang="en"'  # nobody has published it
    gaelic.save_revision().publish()
    assert ways()[2] == 'href="/gd/my-recovery/" aria-current="true"'
    assert ways()[3] == 'href="/resources/" hreflang="en"'
    there = stranger.client.get(page.url).content.decode()
    assert '<a href="/my-recovery/" aria-current="true">' in there


def test_a_link_in_a_text_leads_to_the_gaelic_page_once_it_is_published(editor, stranger):
    above = RecoveryPage.objects.get()
    other = above.add_child(instance=SectionPage(title="Wellness", introduction="A plan."))
    link = (
        f'<p>See <a linktype="page" id="{other.pk}">this</a> <a linktype="page" id="0">x</a>.</p>'
    )
    page = above.add_child(
        instance=SectionPage(
            title="Self-manage", introduction="Small.",
            body=json.dumps([{"type": "text", "value": {"words": link, "language": ""}}]),
        )
    )  # fmt: skip
    here = translated(editor, page)
    here.save_revision().publish()

    def leads(at: Page) -> str | None:
        shown = stranger.client.get(at.url).content.decode()
        assert "<a>x</a>" in shown  # what is gone leads nowhere
        found = re.search(r'See <a href="([^"]+)">this', shown)
        return found and found[1]

    there = translated(editor, other)
    assert leads(here) == other.url  # nobody has published it
    there.save_revision().publish()
    assert leads(here) == there.url == "/gd/my-recovery/wellness/"
    assert leads(page) == other.url


def test_no_translation_takes_a_story_along(editor, moderator, stranger):
    Contributor().tell("Quibblewick", "Some words.")
    moderator.approve(moderator.waiting()[0])
    work()
    story = StoryPage.objects.get()
    gaelic = Locale.objects.get(language_code="gd")
    for copy in story.copy_for_translation, story.copy, story.create_alias:
        with pytest.raises(StoryIsNotCopied):
            copy(gaelic)
    with pytest.raises(StoryIsNotCopied):  # nor is its address kept beside it
        TranslationSource.update_or_create_from_instance(story)
    before = Page.objects.count()
    for page in HomePage.objects.get(), StoriesIndexPage.objects.get(), story:
        editor.post(
            f"/admin/localize/submit/page/{page.pk}/",
            {"locales": [gaelic.pk], "include_subtree": "on"},
        )
        assert Page.objects.count() == before  # nothing is done by halves
    assert not TranslationSource.objects.exists()
    # The list itself may be in Gaelic: it leads to each story's one address.
    listed = translated(editor, StoriesIndexPage.objects.get())
    listed.save_revision().publish()
    words = stranger.client.get("/gd/stories/").content.decode()
    assert f'href="/stories/{story.slug}/"' in words
    assert stranger.client.get(f"/gd/stories/{story.slug}/").status_code == 404
    Contributor().tell("Zanthorpe", "More words.")
    moderator.approve(moderator.waiting()[0])
    work()
    assert {page.get_parent().locale.language_code for page in StoryPage.objects.all()} == {"en-gb"}
