"""What editors can do in the admin, and what it keeps them from."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from PIL import Image
from wagtail.models import Collection

from archive.images import ArchiveImage
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.recovery import RecoveryPage, SectionPage
from stories.pages.models import StoriesIndexPage


@pytest.fixture
def chief(site) -> Client:
    client = Client()
    client.force_login(
        get_user_model().objects.create_superuser("chief", "c@example.org", "x" * 12)
    )
    return client


def test_each_page_type_goes_only_where_it_belongs(site):
    recovery, library = RecoveryPage.objects.get(), LibraryPage.objects.get()
    section = recovery.add_child(instance=SectionPage(title="A", introduction="A."))
    subject = section.add_child(instance=SectionPage(title="B", introduction="B."))
    for kind, parents in {
        SectionPage: [recovery, section],
        ResourcePage: [library],
        RecoveryPage: [],  # there is one
        LibraryPage: [],
    }.items():
        everywhere = [recovery, library, section, subject, StoriesIndexPage.objects.get()]
        everywhere += [recovery.get_parent().specific]
        assert [page for page in everywhere if kind.can_create_at(page)] == parents, kind


def test_a_page_is_built_seen_beforehand_and_published(chief, stranger):
    """The admin's own form, as a browser sends it; the preview, which nobody else sees."""
    above = RecoveryPage.objects.get()
    address = f"/admin/pages/add/archive/sectionpage/{above.pk}/"
    form = chief.get(address).content.decode()
    assert "Contact us" in form  # a block with its words
    sent = {
        "title": "Self-manage",
        "introduction": "Small things.",
        "slug": "self-manage",
        "body-count": "2",
        "body-0-deleted": "", "body-0-order": "0", "body-0-type": "quote",
        "body-0-value-words": "One <b>card</b> in my purse.", "body-0-value-who": "Ann",
        "body-1-deleted": "", "body-1-order": "1", "body-1-type": "contact",
        "body-1-value-about": "peer-working", "body-1-value-discuss": "",
        "body-1-value-words": "",
    }  # fmt: skip
    preview = f"/admin/pages/add/archive/sectionpage/{above.pk}/preview/"
    assert chief.post(preview, sent).json()["is_valid"]
    before = chief.get(preview).content.decode()
    assert "One &lt;b&gt;card&lt;/b&gt; in my purse." in before
    assert "Contact us to discuss peer working" in before
    assert 'href="/contact/?about=peer-working"' in before
    assert not SectionPage.objects.exists()
    chief.post(address, sent | {"action-publish": "yes"})
    assert "in my purse" in stranger.client.get("/my-recovery/self-manage/").content.decode()


def test_a_resource_is_seen_beforehand(chief):
    library = LibraryPage.objects.get()
    address = f"/admin/pages/add/archive/resourcepage/{library.pk}/"
    kind = ResourcePage._meta.get_field("kind").related_model.objects.get(slug="link")
    sent = {"title": "T", "slug": "t", "kind": kind.pk, "summary": "S.", "words": "null"}
    refused = chief.post(address, sent | {"action-publish": "yes"}).content.decode()
    assert "or write an address below: one of the two." in refused
    sent["link"] = "https://www.example.org/x"
    assert chief.post(f"{address}preview/", sent).json()["is_valid"]
    assert "Go to example.org" in chief.get(f"{address}preview/").content.decode()


def test_a_picture_needs_words_and_has_an_address_of_ours(chief, stranger):
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "#6b3f74").save(file, "PNG")
    sent = {"title": "Tea", "collection": Collection.get_first_root_node().pk, "description": ""}

    def send(**more):
        file.seek(0)
        file.name = "tea.png"
        return chief.post("/admin/images/add/", {**sent, **more, "file": file})

    send()
    assert not ArchiveImage.objects.exists()
    send(description="A cup of tea on a sill.")
    send(description="Another cup.", title="More tea")
    first, second = ArchiveImage.objects.order_by("pk")
    # In a bucket, a second tea.png would be put in the place of the first.
    assert first.file.name != second.file.name
    assert "tea" not in first.file.name
    small = first.get_rendition("width-400|format-webp")
    answer = stranger.client.get(small.url)
    assert answer["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as shown:
        assert shown.size == (400, 266)
    original = first.file.name.rpartition("/")[2]
    assert stranger.client.get(f"/pictures/{original}").status_code == 404
