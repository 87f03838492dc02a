"""Every way that machines have, asked at once: open, and closed with the next request."""

from __future__ import annotations

from stories.pages.models import StoryPage
from tests.people import Stranger, work
from tests.stories.machines.told import say, spoken

OF_THE_STORY = ("quibblewick", "flindle", "marrowby", "ostrakova")
WAYS = {
    "page": "{page.url}",
    "sitemap": "/sitemap.xml",
    "card": "{page.url}card.png",
    "oembed": "/oembed/?url={site}{page.url}",
    "oembed xml": "/oembed/?url={site}{page.url}&format=xml",
    "stories": "/api/stories",
    "story": "/api/stories/{page.reference}",
    "search": "/api/search?q=flindle",
    "all": "/api/search",
    "themes": "/api/themes",
    "manifest": "{page.url}iiif/manifest.json",
    "within": "{page.url}iiif/search?q=marrowby",
    "records": "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "record": "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{page.reference}",
    "identifiers": "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "feed": "/podcasts/stories/feed.xml",
    "transcript": "{page.url}transcript.txt",
}
# Which of them are open without one purpose of all.
WITHOUT = {
    "external_search_engines": {"sitemap", "records", "record", "identifiers"},
    "social_media": {"card", "oembed", "oembed xml"},
    "ai_reuse": {"stories"},
    "site_search": {"stories", "story", "search", "all", "themes"},
    "podcast_syndication": {"feed"},
    "transcript_download": {"transcript"},
}


def test_every_way_closes_with_the_next_request(contributor, moderator, stranger, settings):
    page = spoken(contributor, moderator, "Quibblewick")
    addresses = {
        name: way.format(page=page, site=settings.SITE_ADDRESS) for name, way in WAYS.items()
    }
    assert open_ways(stranger, page, addresses) == set(WAYS)
    for purpose, closes in WITHOUT.items():
        say(page, purpose, "no")  # and no worker runs
        asked = {name: addresses[name] for name in closes}
        assert open_ways(stranger, page, asked) == set(), purpose
    assert open_ways(stranger, page, addresses) == {"page", "manifest", "within"}

    for purpose in WITHOUT:
        say(page, purpose, "yes")
    work()
    assert open_ways(stranger, page, addresses) == set(WAYS)
    contributor.take_down()
    assert open_ways(stranger, page, addresses) == set()
    # What is left to tell is told by one way only, and it is an accession number.
    number = page.reference.lower()
    told = {name for name, address in addresses.items() if number in said(stranger, address)[1]}
    asked = {name for name in told if page.reference in addresses[name]}
    assert told - asked == {"records", "identifiers"}


def open_ways(stranger: Stranger, page: StoryPage, addresses: dict[str, str]) -> set[str]:
    """Those that let something of the story out; nothing of it is behind a way that is closed."""
    found = set()
    for name, address in addresses.items():
        status, text = said(stranger, address)
        telling = any(word in text for word in OF_THE_STORY) or page.slug in text
        if name == "card":
            telling = status == 200
        elif name == "themes":
            telling = '"stories": 1' in text
        elif name == "identifiers":
            telling = page.reference.lower() in text and "deleted" not in text
        if telling:
            assert status == 200, name
            found.add(name)
    return found


def said(stranger: Stranger, address: str) -> tuple[int, str]:
    """An answer's status, and all that it says but for what was asked."""
    response = stranger.client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode(errors="replace").lower() + str(response.headers).lower()
    for asked in ("flindle", "marrowby"):
        if f"q={asked}" in address:
            text = text.replace(f'"query": "{asked}"', "").replace(f"q={asked}", "")
    return response.status_code, text
