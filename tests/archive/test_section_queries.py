"""A section asks the database as often for many blocks as for a few."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from archive.contact.models import Subject
from archive.directory.models import Area, HelpTopic, Service
from archive.documents import ArchiveDocument
from archive.images import ArchiveImage
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.consent.vocabulary import Term
from stories.pages.models import StoryPage
from tests.archive.test_sections import items
from tests.people import Contributor, work

# Wagtail takes eight to find the page and see who may; the rest of a page takes four.
MOST = 26


def drawn(number: int) -> ArchiveImage:
    raw = io.BytesIO()
    Image.new("RGB", (1400, 900 + number)).save(raw, "PNG")
    file = ContentFile(raw.getvalue(), f"drawn-{number}.png")
    return ArchiveImage.objects.create(title=f"Drawn {number}", description="Drawn.", file=file)


def film(number: int) -> ResourcePage:
    """A film with captions and a picture, about one subject, for one audience."""
    page = ResourcePage(
        title=f"Film {number}", summary="What it says.", words="<p>It says it.</p>",
        kind=LibraryWord.objects.get(scheme="kind", slug="film"), picture=drawn(number),
        file=_file(f"film-{number}.mp4"), captions=_file(f"film-{number}.vtt"),
    )  # fmt: skip
    LibraryPage.objects.get().add_child(instance=page)
    page.subjects.set([Term.objects.get(scheme="theme", slug="hope")])
    page.audiences.set([LibraryWord.objects.filter(scheme="audience")[number % 2]])
    page.save()
    return page


def _file(name: str) -> ArchiveDocument:
    return ArchiveDocument.objects.create(title=name, file=ContentFile(b"no film at all", name))


def each_kind(number: int, references: list[str]) -> list[dict]:
    """A block of every type, with other things in it each time."""
    films = [film(number * 10 + each) for each in range(3)]
    area, topic = Area.objects.first(), HelpTopic.objects.all()[number]
    services = [
        Service.objects.create(name=f"S {number} {each}", slug=f"s-{number}-{each}", area=area)
        for each in range(2)
    ]
    services[1].helps_with.add(topic)
    stories = {
        "heading": "Stories", "stories": items(references[number]),
        "theme": ("hope", "rights")[number % 2], "how_many": 3,
    }  # fmt: skip
    about = Subject.objects.values_list("slug", flat=True)[number]
    linked = f'<p>See <a linktype="page" id="{films[0].pk}">this</a>.</p>'
    step = {"title": "Begin", "words": linked}
    blocks = {
        "text": {"words": linked, "language": ""},
        "quote": {"words": "Tea.", "who": "Ann", "language": "gd"},
        "steps": {"heading": "How", "steps": items(step, step)},
        "picture": {"picture": _chosen(drawn(number * 10 + 5)), "caption": "Drawn."},
        "film": {"film": films[0].pk, "caption": "A film."},
        "stories": stories,
        "resources": {
            "heading": "To keep", "resources": items(films[1].pk, films[2].pk), "subject": "hope"
        },
        "services": {
            "heading": "Who", "words": "", "services": items(services[0].slug),
            "topic": topic.slug,
        },
        "contact": {"about": about, "discuss": "", "words": "Write."},
    }  # fmt: skip
    return [{"type": type_, "value": value} for type_, value in blocks.items()]


def _chosen(image: ArchiveImage) -> dict:
    return {"image": image.pk, "alt_text": "Drawn.", "decorative": False}


@pytest.fixture
def references(moderator) -> list[str]:
    """Six stories, three about each of two themes."""
    for number in range(6):
        Contributor().tell(f"Story {number}", "Some words.", shown_name=f"Name {number}")
        moderator.approve(moderator.waiting()[0], themes=[("hope", "rights")[number % 2]])
    work()
    return [story.reference for story in StoryPage.objects.order_by("pk")]


def test_two_blocks_of_every_type_ask_as_often_as_one(references, stranger):
    section = RecoveryPage.objects.get().add_child(
        instance=SectionPage(title="Self-manage", introduction="Small things.")
    )
    hope = Term.objects.get(scheme="theme", slug="hope")

    def put(title: str, body: list[dict]) -> SectionPage:
        page = SectionPage(
            title=title, introduction="Smaller.", body=json.dumps(body), theme=hope,
            signed=film(hash(title) % 1000 + 100),
        )  # fmt: skip
        return section.add_child(instance=page)

    def asked(page: SectionPage) -> tuple[list[str], str]:
        stranger.client.get(page.url)  # the first who asks has the pictures made
        with CaptureQueriesContext(connection) as queries:
            shown = stranger.client.get(page.url)
        assert shown.status_code == 200
        return [query["sql"] for query in queries], shown.content.decode()

    one = put("One", each_kind(0, references))
    two = put("Two", each_kind(1, references) + each_kind(2, references))
    (of_one, _), (of_two, shown) = asked(one), asked(two)
    assert len(of_two) == len(of_one) <= MOST, "\n\n".join(of_two)
    # And nothing is missing.
    assert shown.count("<video") == 3
    for number in (1, 2):
        assert shown.count(f'href="/resources/film-{number}0/">this</a>') == 3
        assert {f"S {number} {each}</h3>" in shown for each in range(2)} == {True}
        assert {f"Film {number}{each}</a></h3>" in shown for each in (1, 2)} == {True}
        assert f"Contact us to discuss {Subject.objects.all()[number].label}" in shown
    # Of each theme the one chosen, then the two newest others, none of them twice.
    told = re.findall(r"Story (\d)</a></h3>", shown)
    assert told == ["1", "5", "3", "2", "4", "0"]
    assert 'aria-labelledby="beside"' in shown
