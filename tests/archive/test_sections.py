"""My recovery: what editors build, and that a story leaves it the moment it is taken back."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from archive.documents import ArchiveDocument
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.pages.models import StoryPage
from tests.people import Contributor, work


def section(*blocks: tuple[str, object]) -> SectionPage:
    body = json.dumps([{"type": type_, "value": value} for type_, value in blocks])
    page = SectionPage(title="Self-manage", introduction="Small things.", body=body)
    return RecoveryPage.objects.get().add_child(instance=page)


def items(*values: object) -> list[dict]:
    return [
        {"type": "item", "value": value, "id": f"{number:032x}"}
        for number, value in enumerate(values)
    ]


def picks(*references: str, theme: str = "") -> tuple[str, dict]:
    chosen = {"heading": "Stories", "stories": items(*references), "theme": theme, "how_many": 3}
    return "stories", chosen


@pytest.fixture
def told(moderator) -> list[Contributor]:
    """Two stories about hope, the second hidden from outside search engines."""
    people = [Contributor(), Contributor()]
    people[0].tell("Quibblewick", "Some words.")
    people[1].tell("Zanthorpe", "More words.", external_search_engines="no")
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["hope"])
    work()
    return people


def test_a_story_leaves_the_page_when_it_is_taken_back(told, stranger):
    references = [story.reference for story in StoryPage.objects.all()]
    page = section(picks(*references), picks(theme="hope"))
    shown = stranger.client.get(page.url)
    # Search engines keep copies of these pages, so they name no story that is closed to them.
    assert shown.content.decode().count("Quibblewick") == 2
    assert "Zanthorpe" not in shown.content.decode()
    assert "noindex" not in shown.get("X-Robots-Tag", "")
    told[0].client.post("/my-story/rest/")
    assert "Quibblewick" not in stranger.client.get(page.url).content.decode()
    told[0].client.post("/my-story/rest/")
    work()
    # It is another page of the same story now.
    assert stranger.client.get(page.url).content.decode().count("Quibblewick") == 2
    told[0].take_down()
    after = stranger.client.get(page.url).content.decode()
    assert "Quibblewick" not in after
    assert "Stories</h2>" not in after  # nor a heading over nothing
    kept = str(list(SectionPage.objects.get().body.raw_data)).lower()
    assert "quibblewick" not in kept


BSL = "Watch this page in BSL"


def test_a_page_is_shown_in_bsl_while_its_film_is_public(site, stranger):
    page = section()
    assert BSL not in stranger.client.get(page.url).content.decode()
    kind = LibraryWord.objects.get(scheme="kind", slug="film")
    link = ResourcePage(title="A link", kind=kind, summary="There.", link="https://example.org/")
    film = ResourcePage(title="Signed", kind=kind, summary="In BSL.", words="<p>The page.</p>")
    film.file = ArchiveDocument.objects.create(
        title="Signed", file=ContentFile(b"no film at all", "signed.mp4")
    )
    for resource in link, film:
        LibraryPage.objects.get().add_child(instance=resource)
    page.signed = link
    with pytest.raises(ValidationError, match="That is no film"):
        page.full_clean()
    page.signed = film
    page.full_clean()
    page.save()
    shown = stranger.client.get(page.url).content.decode()
    assert BSL in shown
    assert f'<source src="{film.file_url}" type="video/mp4">' in shown
    film.unpublish()
    assert BSL not in stranger.client.get(page.url).content.decode()
    film.delete()
    assert BSL not in stranger.client.get(page.url).content.decode()


def test_a_passage_says_in_which_language_it_is(site, stranger):
    page = section(
        ("text", "<p>As it was kept before.</p>"),
        ("text", {"words": "<p>Madainn mhath.</p>", "language": "gd"}),
        ("text", {"words": "<p>In the page's own.</p>", "language": "en"}),
        ("quote", {"words": "شاي مع أمي", "who": "Layla", "language": "ar"}),
        ("quote", {"words": "Tea.", "who": "Ann"}),
    )
    shown = stranger.client.get(page.url).content.decode()
    assert '<div class="prose"><p>As it was kept before.' in shown
    assert '<div class="prose" lang="gd" dir="ltr"><p>Madainn mhath.' in shown
    assert """<div class="prose"><p>In the page's own.""" in shown
    assert '<blockquote lang="ar" dir="rtl"><p>شاي' in shown
    assert "<blockquote><p>Tea." in shown
    # What the admin keeps of it is in the new form, with nothing lost.
    kept = [block.get_prep_value()["value"] for block in page.body]
    assert kept[0] == {"words": "<p>As it was kept before.</p>", "language": ""}
    assert kept[1]["language"] == "gd"


def test_what_not_everybody_may_see_is_listed_nowhere(site, stranger):
    above = RecoveryPage.objects.get()
    page = section()
    below = page.add_child(instance=SectionPage(title="Bedtime", introduction="Sleep."))
    other = page.add_child(instance=SectionPage(title="Mornings", introduction="Up."))
    get = stranger.client.get
    assert "Mornings" in get(below.url).content.decode()
    restriction = PageViewRestriction.objects.create(
        page=other, restriction_type=PageViewRestriction.LOGIN
    )
    assert "Mornings" not in get(below.url).content.decode()
    assert "Mornings" not in get(page.url).content.decode()
    restriction.page = page  # and with it all that is below it
    restriction.save()
    assert "Self-manage" not in get(above.url).content.decode()
    assert get(below.url).status_code == 302
    restriction.delete()
    page.unpublish()
    assert get(page.url).status_code == 404
    assert get(f"{page.url}nothing/").status_code == 404
    # As ever in Wagtail, what is below it stays open; the way to it is no link any more.
    assert 'aria-label="Where you are"' in (shown := get(below.url).content.decode())
    assert f'href="{page.url}"' not in shown


def test_a_short_page_fetches_nothing_to_listen_to(site, stranger):
    said = {"words": "A cup of tea.", "who": "Ann", "language": ""}
    step = {"title": "Put the kettle on", "words": "<p>Fill it first.</p>"}
    short = [("quote", said), ("steps", {"heading": "How", "steps": items(step, step)})]
    words = 4 + 1 + 2 * 7

    def fetched(number: int) -> bool:
        """With a text of so many words beside them."""
        text = {"words": f"<p>{'tea ' * number}</p>", "language": ""}
        page = section(("text", text), *short)
        shown = stranger.client.get(page.url).content.decode()
        page.delete()
        assert ("data-aloud" in shown) == ("aloud.js" in shown)
        return "aloud.js" in shown

    assert not fetched(149 - words)
    assert fetched(150 - words)
