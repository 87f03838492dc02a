"""My recovery and the library: every block and page type for everyone, and without JavaScript."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image
from playwright.sync_api import expect

from archive.documents import ArchiveDocument
from archive.images import ArchiveImage
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.consent.vocabulary import Term
from tests import recordings
from tests.browser.test_pages import problems
from tests.people import Contributor, Moderator, work

pytestmark = pytest.mark.browser


def resource(title: str, kind: str, **more) -> ResourcePage:
    page = ResourcePage(
        title=title,
        kind=LibraryWord.objects.get(scheme="kind", slug=kind),
        summary="Good to have.",
        words="<h3>On it</h3><ol><li>Tea.</li></ol>",
        **more,
    )
    page.subjects = Term.objects.filter(slug__in=["hope", "rights"])
    page.audiences = LibraryWord.objects.filter(scheme="audience")
    return LibraryPage.objects.get().add_child(instance=page)


def listed(*values) -> list[dict]:
    return [{"type": "item", "id": str(each), "value": each} for each in values]


@pytest.fixture
def pages(site) -> list[str]:
    """Addresses of one page of each type; the section has one block of each."""
    Contributor().tell("A story", "In words.")
    moderator = Moderator.appointed()
    reference = moderator.waiting()[0]
    moderator.approve(reference, themes=["hope"])
    work()
    drawn = io.BytesIO()
    Image.new("RGB", (900, 1260), "#6b3f74").save(drawn, "PNG")
    picture = ArchiveImage.objects.create(
        title="Tea", description="A cup of tea.", file=ImageFile(drawn, "tea.png")
    )
    with recordings.video("mp4", 2).open("rb") as file:
        film = ArchiveDocument.objects.create(title="Film", file=File(file, "film.mp4"))
    shown = [
        resource("A poster", "poster", picture=picture, year=2026, link="https://example.org/"),
        resource("A film", "film", file=film, picture=picture),
        resource("A link", "link", link="https://example.org/there", year=2020),
    ]
    step = {"title": "First", "words": "<p>Open the curtains.</p>"}
    tea = {"image": picture.pk, "decorative": False, "alt_text": "A cup of tea."}
    blocks = {
        "text": "<h2>What it is</h2><p>Some words.</p><ul><li>One</li></ul>",
        "quote": {"words": "A card in my purse.", "who": "Ann"},
        "steps": {
            "heading": "A way to begin",
            "steps": [{"type": "item", "id": str(n), "value": step} for n in (1, 2)],
        },
        "picture": {"picture": tea, "caption": "On the sill"},
        "film": {"film": shown[1].pk, "caption": "Watch"},
        "stories": {"heading": "Told", "stories": listed(reference), "theme": "", "how_many": 3},
        "resources": {
            "heading": "Keep",
            "resources": listed(*[each.pk for each in shown]),
            "subject": "hope",
        },
        "services": {
            "heading": "Turn to",
            "words": "",
            "services": listed("samaritans"),
            "topic": "",
        },
        "contact": {"about": "peer-working", "discuss": "", "words": ""},
    }
    body = json.dumps([{"type": type_, "value": value} for type_, value in blocks.items()])
    hope = Term.objects.get(slug="hope")
    section = RecoveryPage.objects.get().add_child(
        instance=SectionPage(
            title="Self-manage", introduction="Small.", theme=hope, signed=shown[1], body=body
        )
    )
    subjects = [SectionPage(title=title, introduction="A plan.") for title in ("WRAP", "Days")]
    for subject in subjects:
        section.add_child(instance=subject)
    return ["/my-recovery/", section.url, subjects[0].url, *(each.url for each in shown)]


@pytest.mark.parametrize(
    ("phone", "scheme"),
    [
        pytest.param(True, "light", id="light-phone"),
        pytest.param(False, "dark", id="dark-desk", marks=pytest.mark.long),
        pytest.param(False, "light", id="light-desk", marks=pytest.mark.long),
        pytest.param(True, "dark", id="dark-phone", marks=pytest.mark.long),
    ],
)
def test_sections_and_library_are_for_everyone(person, pages, live_server, phone, scheme):
    page = person(phone=phone, color_scheme=scheme, bypass_csp=True)
    asked, found = [], []
    page.on("request", lambda request: asked.append(request.url))
    shelves = ("/resources/", "/resources/?type=link&year=2020", "/resources/?q=zebra")
    for address in (*pages, *shelves):
        page.goto(address)
        found += problems(page)
    assert found == []
    # What is shown is loaded, and from nowhere else.
    page.goto(pages[1])
    expect(page.get_by_role("heading", name="Contact us to discuss peer working")).to_be_visible()
    expect(page.get_by_role("link", name="A story")).to_be_visible()
    image = page.get_by_role("img", name="A cup of tea.")
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=image.element_handle()
    )
    page.locator("video.film").evaluate("video => video.play()")
    page.wait_for_function("document.querySelector('video.film').currentTime > 0.2")
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_all_of_it_is_reached_without_javascript_on_a_phone(person, pages):
    page = person(phone=True, java_script_enabled=False)
    page.goto("/")
    menu = page.get_by_text("Menu", exact=True)
    menu.click()
    page.get_by_label("Menu").get_by_role("link", name="Resources").click()
    header = page.locator(".header .wide").bounding_box()
    assert header is not None
    assert header["height"] < 80  # one row
    page.get_by_text("Narrow it down").click()
    page.get_by_role("checkbox", name="2020 1").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".resource")).to_have_count(1)
    page.get_by_role("link", name="2020 (take away)").click()
    expect(page.locator(".resource")).to_have_count(3)
    page.get_by_label("Search the library").fill("poster")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="A poster").click()
    expect(page.get_by_role("link", name="Go to example.org")).to_be_visible()


def test_the_film_in_bsl_comes_when_it_is_opened(person, site):
    """Nothing of it before: not the film, nor its captions, nor the player."""
    with recordings.video("mp4", 2).open("rb") as file:
        film = ArchiveDocument.objects.create(title="Signed", file=File(file, "film.mp4"))
    captions = ArchiveDocument.objects.create(
        title="Words", file=ContentFile(b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n", "it.vtt")
    )
    signed = resource("Signed", "film", file=film, captions=captions)
    section = RecoveryPage.objects.get().add_child(
        instance=SectionPage(title="Self-manage", introduction="Small.", signed=signed)
    )
    page = person(bypass_csp=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(section.url, wait_until="networkidle")
    assert [url for url in asked if "/files/" in url or "player" in url] == []
    page.get_by_text("Watch this page in BSL").click()
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("document.querySelector('video').currentTime > 0.2")
    expect(page.locator("[data-caption]")).to_have_text("Hello.")
    assert problems(page) == []
    page.get_by_text("Watch this page in BSL").click()
    page.wait_for_function("document.querySelector('video').paused")
