"""The library: what is found in it, and who may have its files."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from archive.directory.links import shown_where
from archive.documents import ArchiveDocument
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from stories.consent.vocabulary import Term

PDF = b"%PDF-1.4\n% one page\n" + bytes(range(256)) * 8


@pytest.fixture
def library(site) -> LibraryPage:
    return LibraryPage.objects.get()


def put(
    library: LibraryPage, title: str, kind: str, subject: str, year: int, **more
) -> ResourcePage:
    page = ResourcePage(
        title=title,
        kind=LibraryWord.objects.get(scheme="kind", slug=kind),
        summary=more.pop("summary", "Something to keep."),
        year=year,
        **more or {"link": "https://example.org/there"},
    )
    page.subjects = Term.objects.filter(scheme="theme", slug=subject)
    return library.add_child(instance=page)


def document(name: str, content: bytes = PDF) -> ArchiveDocument:
    return ArchiveDocument.objects.create(title=name, file=ContentFile(content, name))


def found(address: str) -> tuple[list[str], str]:
    """(titles in their order, the whole page)."""
    response = Client().get(address)
    assert response.status_code == 200, address
    page = response.content.decode()
    return re.findall(r'class="resource-title"><a href="[^"]+">([^<]+)', page), page


def counts(page: str, name: str) -> dict[str, str]:
    pattern = rf'name="{name}" value="([^"]+)"[^<]*<span>[^<]*</span> <span class="count">(\d+)'
    return dict(re.findall(pattern, page))


def test_things_are_found_by_words_and_choices_and_counted(library):
    put(library, "Posters for the café", "poster", "hope", 2026)
    put(
        library,
        "A guide to groups",
        "guide",
        "mutual-help",
        2026,
        summary="Tea & <b>posters</b>.",
        link="https://example.org/",
    )
    put(library, "Rights", "guide", "rights", 2020)
    draft = put(library, "Not ready poster", "poster", "hope", 1999)
    draft.unpublish()
    titles, page = found("/resources/")
    assert titles == ["A guide to groups", "Posters for the café", "Rights"]
    assert counts(page, "year") == {"2026": "2", "2020": "1"}  # of a draft nothing is counted
    assert "Tea &amp; &lt;b&gt;" in page
    assert "https://example.org/there" in shown_where()  # the link checker looks at it
    # Words: any form, without accents, in title or summary, the title first.
    assert found("/resources/?q=POSTER")[0] == ["Posters for the café", "A guide to groups"]
    assert found("/resources/?q=cafe+posters")[0] == ["Posters for the café"]
    # Choices: one of each facet; each count leaves its own facet out.
    titles, page = found("/resources/?type=guide&subject=rights")
    assert titles == ["Rights"]
    assert counts(page, "subject") == {"mutual-help": "1", "rights": "1"}
    assert 'content="noindex"' in page
    # Nothing: it says so, with a way back.
    assert "Nothing about “zebra”" in found("/resources/?q=zebra")[1]
    titles, page = found("/resources/?type=poster&subject=rights")
    assert (titles, "Take something away" in page) == ([], True)
    for odd in (
        "type=%00x&page=9999",
        "page=-1&year=abc&subject=%F0%9F",
        "q=%22*%3A(",
        "q=" + "a" * 5000,
    ):
        assert Client().get(f"/resources/?{odd}").status_code in {200, 400}
    assert len(found("/resources/?page=9999&subject=nobody-knows")[0]) == 3


def test_a_longer_list_asks_no_more_of_the_database(library):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            found("/resources/")
        return len(queries)

    for number in range(2):
        put(library, f"Thing {number}", "link", "rights", 2020)
    found("/resources/")
    few = asked()
    for number in range(8):
        put(library, f"More {number}", "poster", "rights", 2021)
    assert asked() == few <= 16


def test_a_file_is_open_while_its_page_is(library, moderator, stranger):
    page = put(library, "Five small things", "poster", "hope", 2026, file=document("FINAL (2).pdf"))
    get = stranger.client.get
    address = page.file_url
    assert address.endswith("/five-small-things.pdf")
    assert f'href="{address}"' in get(page.url).content.decode()
    answer = get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="five-small-things.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    part = get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF")
    # No other name leads there, and nobody's guess finds a file that no page shows.
    for other in (f"/files/{page.file_id}/virus.exe", page.file.url, document("secret.pdf").url):
        assert get(other).status_code == 404
    assert moderator.client.get(page.file.url).status_code == 200  # staff have to look at it
    page.unpublish()
    assert get(address).status_code == 404
    # Two files may have one name, and neither takes the other's place.
    twins = [document("a.pdf"), document("a.pdf", b"%PDF other")]
    assert [twin.filename for twin in twins] == ["a.pdf", "a.pdf"]
    assert len({twin.file.name for twin in twins}) == 2


def test_what_some_cannot_see_or_hear_is_in_words_too(library):
    for wrong in (
        {"file": document("still.png")},
        {"file": document("film.mp4")},
        {"file": document("a.pdf"), "link": "https://example.org/"},
        {"file": document("b.pdf"), "captions": document("c.pdf")},
    ):
        with pytest.raises(ValidationError):
            put(library, "Without", "poster", "hope", 2026, **wrong)
    page = put(library, "With", "poster", "hope", 2026, file=document("p.png"), words="<p>Tea.</p>")
    assert "<p>Tea.</p>" in Client().get(page.url).content.decode()
