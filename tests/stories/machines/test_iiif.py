"""Manifests, read by the library that others make theirs with; and search within a recording."""

from __future__ import annotations

from django.conf import settings
from iiif_prezi3 import AnnotationPage, Manifest

from tests import recordings
from tests.stories.machines.told import say, spoken, written


def test_a_film_is_one_canvas_with_its_captions(contributor, moderator, stranger):
    page = spoken(contributor, moderator, "The bus", recordings.video("mp4", 1))
    get = stranger.client.get
    head = get(page.url).content.decode()
    assert f"{page.url}iiif/manifest.json" in head

    answer = get(f"{page.url}iiif/manifest.json")
    assert "iiif.io/api/presentation/3" in answer["Content-Type"]
    found = answer.json()
    manifest = Manifest(**found)
    assert manifest.id == f"{settings.SITE_ADDRESS}{page.url}iiif/manifest.json"
    assert found["label"] == {"en-GB": ["The bus"]}
    assert "belongs to the person who told it" in str(found["requiredStatement"])
    [canvas] = found["items"]
    assert canvas["duration"] > 2
    [painted] = canvas["items"][0]["items"]
    assert painted["target"] == canvas["id"]
    body = painted["body"]
    assert (body["type"], body["format"]) == ("Video", "video/mp4")
    assert canvas["height"] == body["height"] == 180
    [captions] = canvas["annotations"][0]["items"]
    assert captions["motivation"] == "supplementing"
    for file in (body, captions["body"], found["thumbnail"][0]):
        sent = get(file["id"].removeprefix(settings.SITE_ADDRESS))
        assert sent.status_code == 200
        assert sent["Content-Type"].startswith(file["format"])

    # Content Search 2.0: the cue, when it is said, and where in it the words stand.
    [service] = found["service"]
    assert service["type"] == "SearchService2"
    search = service["id"].removeprefix(settings.SITE_ADDRESS)
    answer = get(search, {"q": "lighthouse", "user": "x"})
    page_found = answer.json()
    AnnotationPage(**page_found)
    assert page_found["ignored"] == ["user"]
    [hit] = page_found["items"]
    assert hit["body"]["value"] == "I walked to the lighthouse, the old lighthouse."
    assert hit["target"] == f"{canvas['id']}#t=1.20,2.90"
    first, second = page_found["annotations"][0]["items"]
    assert first["target"]["source"] == hit["id"]
    [quote] = first["target"]["selector"]
    assert (quote["prefix"], quote["exact"]) == ("I walked to the ", "lighthouse")
    assert second["target"]["selector"][0]["suffix"] == "."
    assert get(page_found["id"].removeprefix(settings.SITE_ADDRESS)).json()["items"] == [hit]
    assert get(search, {"q": "-lighthouse"}).json()["items"] == []

    # Other sites' pages may read it with these exits only.
    assert answer["Access-Control-Allow-Origin"] == "*"
    say(page, "transcript_download", "no")
    assert "Access-Control-Allow-Origin" not in get(search, {"q": "lighthouse"})
    say(page, "social_media", "no")
    assert "Access-Control-Allow-Origin" not in get(f"{page.url}iiif/manifest.json")
    # Without its voice the film goes; without its face too, there is nothing to put on a canvas.
    say(page, "show_unaltered_voice", "no", "disguised")
    [canvas] = get(f"{page.url}iiif/manifest.json").json()["items"]
    assert "story.mp4" not in str(canvas)
    say(page, "show_face", "no", "blurred")
    assert get(f"{page.url}iiif/manifest.json").status_code == 404
    contributor.take_down()
    assert get(f"{page.url}iiif/manifest.json").status_code == 410
    assert get(search, {"q": "lighthouse"}).status_code == 410


def test_sounds_are_a_choice_and_words_alone_have_no_manifest(contributor, moderator, stranger):
    page = spoken(contributor, moderator, "The bus")
    found = stranger.client.get(f"{page.url}iiif/manifest.json").json()
    Manifest(**found)
    [canvas] = found["items"]
    body = canvas["items"][0]["items"][0]["body"]
    assert body["type"] == "Choice"
    assert {item["type"] for item in body["items"]} == {"Sound"}
    assert "width" not in canvas
    assert found["thumbnail"][0]["id"].endswith("/card.png")
    say(page, "social_media", "no")
    assert "thumbnail" not in stranger.client.get(f"{page.url}iiif/manifest.json").json()


def test_a_written_story_has_no_manifest(contributor, moderator, stranger):
    page = written(contributor, moderator, "The kettle")
    assert stranger.client.get(f"{page.url}iiif/manifest.json").status_code == 404
    assert stranger.client.get(f"{page.url}iiif/search?q=a").status_code == 404
    assert "iiif" not in stranger.client.get(page.url).content.decode()
