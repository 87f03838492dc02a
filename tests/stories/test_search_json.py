"""The answers of the search page for programs, and the description by which browsers find it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from stories.api.views import DESCRIPTION
from stories.contributions.models import Contribution
from tests import recordings
from tests.people import Contributor, Moderator, work

DESCRIBED = json.loads(DESCRIPTION.read_text())
VALIDATOR = jsonschema.Draft202012Validator(
    {"$ref": "#/components/schemas/Found", "components": DESCRIBED["components"]}
)
SAID = (
    b"WEBVTT\n\n00:00.000 --> 00:01.200\nThe bus was late.\n\n"
    b"00:01.200 --> 00:02.900\nI walked to the lighthouse.\n"
)


def ask(stranger, address: str = "/api/search", **params) -> dict:
    """A valid answer that any site may read."""
    response = stranger.client.get(address, params)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    answer = response.json()
    VALIDATOR.validate(answer)
    return answer


def told(moderator: Moderator) -> list[Contributor]:
    written = Contributor().tell("Windmill", "Some words.\n\nA lighthouse <b>at</b> night.")
    spoken = Contributor().tell("The bus", recording=recordings.sound("mp3", 4), name="none")
    work()
    [story] = Contribution.objects.filter(kind="recording")
    words = {"do": "file", "file": SimpleUploadedFile("words.vtt", SAID)}
    moderator.client.post(f"/admin/contributions/{story.reference}/words/", words)
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["hope"], content_notes=["suicide"])
    work()
    spoken.agree()
    work()
    return [written, spoken]


def test_it_answers_as_the_page_does(moderator, stranger):
    written, spoken = told(moderator)
    answer = ask(stranger, q="lighthouse", sort="shortest")
    page = stranger.client.get("/search/", {"q": "lighthouse", "sort": "shortest"})
    on_page = re.findall(r'<h2><a href="([^"]+)"', page.content.decode())
    addresses = [story["address"] for story in answer["stories"]]
    assert addresses == [settings.SITE_ADDRESS + path for path in on_page]
    assert answer["total"] == len(on_page) == 2
    moments = {moment["kind"]: moment for each in answer["stories"] for moment in each["moments"]}
    assert moments["text"]["paragraph"] == 2
    assert "".join(f["text"] for f in moments["text"]["fragments"]) == (
        "A lighthouse <b>at</b> night."
    )
    assert [f["text"] for f in moments["text"]["fragments"] if f["matched"]] == ["lighthouse"]
    assert moments["speech"]["seconds"] == pytest.approx(1.2, abs=1.5)
    assert re.search(r"/stories/[\w-]+/\?t=\d$", moments["speech"]["address"])
    # The page's own links carry the words along, to mark them there.
    links = re.sub(r"(\?|&amp;)find=lighthouse", "", page.content.decode())
    for moment in moments.values():
        assert f'href="{moment["address"].removeprefix(settings.SITE_ADDRESS)}"' in links
    themes = next(facet for facet in answer["facets"] if facet["name"] == "theme")
    assert [(o["value"], o["count"]) for o in themes["options"]] == [("hope", 2)]
    assert ask(stranger, q="lighthouse", kind="listen")["total"] == 1
    assert ask(stranger, q="lighthouse", without="suicide")["total"] == 0
    assert ask(stranger)["total"] == 2
    assert ask(stranger, q="lighthuose")["meant"] == "lighthouse"
    assert ask(stranger, q="-lighthouse")["problem"]

    spoken.client.post("/my-story/rest/")
    assert [story["address"] for story in ask(stranger)["stories"]] != addresses
    assert ask(stranger, q="lighthouse")["total"] == 1
    written.take_down()
    answer = ask(stranger, q="lighthouse")
    assert answer["stories"] == []
    assert all(facet["options"] == [] for facet in answer["facets"])


def test_pages_lead_on(moderator, stranger, monkeypatch):
    monkeypatch.setattr("stories.search_json.PAGE_SIZE", 1)
    for number in range(2):
        Contributor().tell(f"Lighthouse {number}")
    for reference in moderator.waiting():
        moderator.approve(reference)
    work()
    seen, address = [], "/api/search?q=lighthouse&sort=newest"
    while address:
        answer = ask(stranger, address)
        seen += [story["title"] for story in answer["stories"]]
        address = answer["links"].get("next", "").removeprefix(settings.SITE_ADDRESS)
    assert sorted(seen) == ["Lighthouse 0", "Lighthouse 1"]
    assert ask(stranger, answer["links"]["previous"].removeprefix(settings.SITE_ADDRESS))


def test_browsers_are_told_how_to_search(stranger, site):
    page = stranger.client.get("/").content.decode()
    [link] = re.findall(r'<link rel="search" type="([^"]+)"[^>]*href="([^"]+)"', page)
    assert link == ("application/opensearchdescription+xml", "/opensearch.xml")
    response = stranger.client.get("/opensearch.xml")
    assert response["Content-Type"].startswith(link[0])
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    assert root.tag == f"{name}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{name}ShortName")) <= 16
    assert 0 < len(root.findtext(f"{name}LongName")) <= 48
    assert 0 < len(root.findtext(f"{name}Description")) <= 1024
    ways = {url.get("type"): url.get("template") for url in root.iter(f"{name}Url")}
    assert set(ways) >= {"text/html", "application/json", "application/x-suggestions+json"}
    for kind, template in ways.items():
        assert template.startswith(settings.SITE_ADDRESS)
        path = template.removeprefix(settings.SITE_ADDRESS)
        filled = path.replace("{searchTerms}", "lighthouse").replace("{startPage?}", "")
        answer = stranger.client.get(filled)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
    image = root.findtext(f"{name}Image").removeprefix(settings.SITE_ADDRESS)
    assert image.startswith(settings.STATIC_URL)
