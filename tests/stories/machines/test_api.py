"""The read API: as its own description says, and no more than each teller lets machines have."""

from __future__ import annotations

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from stories.api.views import DESCRIPTION
from stories.contributions.models import Contribution
from tests.people import Contributor
from tests.stories.consent.test_doors import routes
from tests.stories.machines.told import WORDS, say, spoken, written


@pytest.fixture
def api(stranger):
    """Ask an address; the answer has to be as the description of now says."""
    described = stranger.client.get("/api/openapi.json").json()

    def ask(address: str, status: int = 200) -> dict:
        response = stranger.client.get(address.removeprefix(settings.SITE_ADDRESS))
        assert response.status_code == status
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
        path = address.removeprefix(settings.SITE_ADDRESS).partition("?")[0]
        if path.startswith("/api/stories/"):
            path = "/api/stories/{reference}"
        said = described["paths"][path]["get"]["responses"][str(status)]["content"]
        schema = said[response["Content-Type"]]["schema"]
        Draft202012Validator(schema | {"components": described["components"]}).validate(
            response.json()
        )
        return response.json()

    ask.described = described
    return ask


def test_the_description_is_openapi_and_names_every_address(api):
    validate(api.described)
    assert api.described["openapi"].startswith("3.1")
    assert api.described["servers"] == [{"url": settings.SITE_ADDRESS}]
    there = {f"/{route.replace('<str:', '{').replace('>', '}')}" for route in routes()}
    assert set(api.described["paths"]) == {path for path in there if path.startswith("/api/")}
    # An object that may hold anything would let any answer pass.
    for name, schema in api.described["components"]["schemas"].items():
        if schema["type"] == "object" and name != "Problem":
            assert schema["additionalProperties"] is False, name
    assert DESCRIPTION.name == "openapi.json"


def test_stories_are_read_as_each_teller_lets_machines_have_them(api, contributor, moderator):
    page = written(contributor, moderator, "The kettle", themes=["peer-support"])
    one = f"/api/stories/{page.reference}"
    # In lists here, but not handed over in bulk, and not its words.
    assert api("/api/stories")["stories"] == []
    story = api(one)
    assert (story["title"], story["teller"]) == ("The kettle", "Ostrakova")
    assert (story["paragraphs"], story["mining_reserved"]) == ([], True)
    assert "reserved" in story["rights"]
    assert [note["slug"] for note in story["content_notes"]] == ["suicide"]
    assert page.reference in story["citation"]
    say(page, "ai_reuse", "yes")
    [listed] = api("/api/stories?theme=connectedness")["stories"]
    assert listed["self"].endswith(one)
    story = api(listed["self"])
    assert story["paragraphs"] == list(WORDS)
    assert "reserved" not in story["rights"]
    assert api("/api/stories?theme=hope")["total"] == 0

    counts = {theme["slug"]: theme for theme in api("/api/themes")["themes"]}
    assert counts["peer-support"]["stories"] == counts["connectedness"]["stories"] == 1
    assert counts["peer-support"]["under"] == "connectedness"
    assert counts["hope"]["stories"] == 0
    assert api(counts["connectedness"]["search"])["total"] == 1

    say(page, "show_name", "no", "none")
    assert "Ostrakova" not in str(api(one))
    say(page, "site_search", "no")
    assert api("/api/stories")["total"] == 0
    assert api(one, 404)["status"] == 404
    assert not any(theme["stories"] for theme in api("/api/themes")["themes"])
    say(page, "site_search", "yes")
    contributor.take_down()
    assert api(one, 410)["title"] == "This story was taken back."
    assert api("/api/stories/ZZZZ-ZZZZ", 404)


def test_pages_lead_on(api, moderator, monkeypatch):
    monkeypatch.setattr("stories.api.views.PAGE_SIZE", 1)
    for number in range(3):
        say(written(Contributor(), moderator, f"Kettle {number}"), "ai_reuse", "yes")
    seen, address = [], "/api/stories?kind=read&sort=longest&nonsense=1"
    while address:
        answer = api(address)
        seen += [story["title"] for story in answer["stories"]]
        address = answer["links"].get("next", "")
    assert sorted(seen) == ["Kettle 0", "Kettle 1", "Kettle 2"]
    assert answer == api("/api/stories?kind=read&sort=longest&page=9999")
    assert "kind=read" in answer["links"]["previous"]


def test_a_recording_is_played_from_our_own_addresses(api, contributor, moderator, stranger):
    page = spoken(contributor, moderator, "The bus")
    story = api(f"/api/stories/{page.reference}")
    recording = story["recording"]
    assert recording["kind"] == "audio"
    assert recording["seconds"] > 2
    for file in [*recording["files"], {"address": recording["captions"], "type": "text/vtt"}]:
        sent = stranger.client.get(file["address"].removeprefix(settings.SITE_ADDRESS))
        assert sent["Content-Type"].startswith(file["type"])
    assert story["transcript"][0]["text"] == "The marrowby was late."
    say(page, "transcript_download", "no")
    assert api(f"/api/stories/{page.reference}")["transcript"] == []
    say(page, "show_unaltered_voice", "no", "disguised")
    assert api(f"/api/stories/{page.reference}")["recording"] is None
    assert Contribution.objects.count() == 1
