"""What other sites show of a shared link, and what search engines read in a page."""

from __future__ import annotations

import io
import json
import re

import pytest
from defusedxml import ElementTree
from django.conf import settings
from PIL import Image, ImageColor
from rdflib import RDF, SDO, Graph
from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.oembed import OEmbedFinder

from stories.pages.covers import drawing
from tests.stories.machines.told import say, spoken, written


def test_a_card_is_the_cover_for_whoever_may_share(contributor, moderator, stranger):
    page = written(contributor, moderator, "The kettle", themes=["hope"])
    get, card = stranger.client.get, f"{page.url}card.png"
    assert get(card).status_code == 404
    assert "card.png" not in get(page.url).content.decode()
    say(page, "social_media", "yes")
    said = dict(
        re.findall(r'property="(og:[^"]+)" content="([^"]+)"', get(page.url).content.decode())
    )
    assert said["og:image"] == settings.SITE_ADDRESS + card
    answer = get(card)
    assert answer["Content-Type"] == said["og:image:type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (int(said["og:image:width"]), int(said["og:image:height"]))
    assert image.getpixel((2, 2)) == ImageColor.getrgb(drawing(page.slug, ["hope"]).sky)
    assert len(answer.content) < 100_000
    assert get(card, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    say(page, "social_media", "no")
    assert get(card, headers={"If-None-Match": answer["ETag"]}).status_code == 404
    contributor.take_down()
    assert get(card).status_code == 410


def test_a_consumer_unfolds_a_link(contributor, moderator, stranger, live_server, settings):
    settings.SITE_ADDRESS = live_server.url
    page = written(contributor, moderator, "The kettle & <tea>")
    say(page, "social_media", "yes")
    address = live_server.url + page.url
    provider = {"endpoint": f"{live_server.url}/oembed/", "urls": [re.escape(address)]}
    finder = OEmbedFinder([provider])
    found = finder.find_embed(address, max_width=1200)
    assert (found["title"], found["type"]) == ("The kettle & <tea>", "link")
    assert found["thumbnail_url"] == f"{address}card.png"
    assert not finder.find_embed(address, max_width=1199)["thumbnail_url"]

    page_said = stranger.client.get(page.url).content.decode()
    link = re.search(r'type="text/xml\+oembed"[^>]* href="([^"]+)"', page_said)[1]
    answer = stranger.client.get(link.replace("&amp;", "&").removeprefix(settings.SITE_ADDRESS))
    assert answer["Content-Type"].startswith("text/xml")
    card = {each.tag: each.text for each in ElementTree.fromstring(answer.content)}
    as_json = stranger.client.get("/oembed/", {"url": address}).json()
    assert card == {name: str(value) for name, value in as_json.items()}
    say(page, "social_media", "no")
    with pytest.raises(EmbedNotFoundException):
        finder.find_embed(address)


def read_by_engines(stranger, page) -> Graph:
    """The page's JSON-LD as triples, of nothing but schema.org's own terms."""
    said = stranger.client.get(page.url).content.decode()
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', said)
    data = json.loads(found)
    assert data.pop("@context") == "https://schema.org"
    graph = Graph().parse(
        data=json.dumps({"@context": {"@vocab": str(SDO)}} | data), format="json-ld"
    )
    terms = {predicate for predicate in graph.predicates() if predicate != RDF.type}
    terms |= set(graph.objects(predicate=RDF.type))
    assert terms
    assert [term for term in terms if term not in SDO] == []
    return graph


def test_engines_read_an_episode_and_a_sound(contributor, moderator, stranger):
    page = spoken(contributor, moderator, "The bus")
    graph = read_by_engines(stranger, page)
    [episode] = graph.subjects(RDF.type, SDO.PodcastEpisode)
    [series] = graph.objects(episode, SDO.partOfSeries)
    feed = str(graph.value(series, SDO.webFeed))
    assert (
        page.reference
        in stranger.client.get(feed.removeprefix(settings.SITE_ADDRESS)).content.decode()
    )
    sound = graph.value(episode, SDO.associatedMedia)
    assert str(graph.value(sound, SDO.contentUrl)).endswith("/story.mp3")
    assert str(graph.value(episode, SDO.creditText)).startswith("Ostrakova, “The bus”")
    say(page, "podcast_syndication", "no")
    graph = read_by_engines(stranger, page)
    [sound] = graph.subjects(RDF.type, SDO.AudioObject)
    assert re.fullmatch(r"PT\d+S", str(graph.value(sound, SDO.duration)))
    assert "/podcasts/" not in graph.serialize()


def test_the_site_reserves_mining_and_a_story_may_say_otherwise(stranger, site):
    assert stranger.client.get("/.well-known/tdmrep.json").json() == [
        {"location": "/", "tdm-reservation": 1}
    ]
