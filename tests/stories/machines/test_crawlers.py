"""What a crawler makes of robots.txt and the sitemap, read as others' programs read them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from protego import Protego
from usp.tree import sitemap_from_str

from tests.people import Contributor
from tests.stories.machines.told import say, written

PRIVATE = ("/my-story/", "/share-your-story/", "/search/?q=a", "/api/search?q=a", "/admin/")


def rules(client) -> Protego:
    return Protego.parse(client.get("/robots.txt").content.decode())


def listed(client) -> set[str]:
    """Every page of the sitemap that robots.txt names, as paths."""
    [where] = rules(client).sitemaps
    assert where.startswith(f"{settings.SITE_ADDRESS}/")
    found = sitemap_from_str(client.get(urlsplit(where).path).content.decode())
    return {urlsplit(page.url).path for page in found.all_pages()}


def test_a_crawler_finds_what_it_may_and_nothing_else(moderator, stranger):
    client = stranger.client
    open_one = written(Contributor(), moderator, "A flindle")
    closed_one = written(Contributor(), moderator, "A marrowby")
    assert {open_one.url, closed_one.url, "/stories/"} <= listed(client)
    say(closed_one, "external_search_engines", "no")
    now = listed(client)
    assert open_one.url in now
    assert closed_one.url not in now
    for path in now:
        assert rules(client).can_fetch(settings.SITE_ADDRESS + path, "Googlebot"), path
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "noindex" not in answer.get("X-Robots-Tag", ""), path
    # It has to be read for its noindex to be obeyed.
    assert rules(client).can_fetch(settings.SITE_ADDRESS + closed_one.url, "Googlebot")
    for path in PRIVATE:
        assert not rules(client).can_fetch(settings.SITE_ADDRESS + path, "Googlebot"), path
