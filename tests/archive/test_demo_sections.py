"""The demonstration's sections and library: all there, true to the forms, and made once."""

from __future__ import annotations

import pytest
from django.test import Client

from archive.demo import sections, shelf
from archive.demo.directory import fill_directory
from archive.demo.stories import all_stories
from archive.pages.library.models import ResourcePage
from archive.pages.recovery import SectionPage


@pytest.mark.long
def test_sections_are_built_from_blocks_as_editors_make_them(site, tmp_path):
    fill_directory()
    sections.build(tmp_path, {}, films=False)
    assert ResourcePage.objects.count() == len(shelf.rows()) - 1  # the film
    pages = list(SectionPage.objects.all())
    assert len(pages) == 16
    get = Client().get
    for page in pages:
        page.body.stream_block.clean(page.body)  # as the form would
        assert "Contact us to discuss" in get(page.url).content.decode(), page
        for block in page.body:
            field = block.block_type
            if field in ("resources", "services"):  # each that is named is there
                assert len(block.value.shown) >= len(block.value[field]) > 0, page
    for resource in ResourcePage.objects.all():
        assert get(resource.url).status_code == 200
        if resource.file and resource.file.ending == "pdf":
            content = b"".join(get(resource.file_url).streaming_content)
            assert content.startswith(b"%PDF")
            if "one page" in resource.title:
                assert content.count(b"/MediaBox") == 1
    before = SectionPage.objects.count(), ResourcePage.objects.count()
    sections.build(tmp_path, {}, films=False)
    assert (SectionPage.objects.count(), ResourcePage.objects.count()) == before


def test_the_sections_name_stories_that_there_are():
    wanted = {
        key
        for page in sections.rows()
        for block in page["block"]
        if block["type"] == "stories"
        for key in block.get("stories", ())
    }
    assert wanted
    assert wanted <= {story.key for story in all_stories() if story.after == "published"}
