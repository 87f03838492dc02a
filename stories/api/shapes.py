"""A story as JSON, by what its exits let out at this moment (schemas: openapi.json)."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from media_pipeline import api as media
from stories.consent.vocabulary import Term
from stories.contributions.noted import noted_of
from stories.pages.addresses import absolute, media_address, story_address
from stories.pages.models import StoryPage
from stories.pages.rights import citation, statement
from stories.pages.show import (
    CAPTIONS,
    length_of,
    open_renditions,
    paragraphs_to_show,
    player_for,
    transcript_to_show,
)


def story_in_list(page: StoryPage) -> dict:
    """What a list of stories says of each."""
    version = page.version
    return {
        "reference": page.reference,
        "address": story_address(page.slug),
        "title": page.title_shown,
        "summary": page.summary,
        "teller": page.shown_name,
        "kind": str(page.kind.value),
        "length": page.length_label,
        "language": version.language,
        # The month, as on the page: a day could be told from a diary.
        "shared_on": f"{page.shared_on:%Y-%m}" if page.shared_on else None,
        "themes": terms_as_json(page.themes),
        "content_notes": notes_as_json(page),
    }


def story_with_rights(page: StoryPage) -> dict:
    """The same with how it goes, whose view it is, the rights in it and how to cite it."""
    return story_in_list(page) | {
        "how_it_goes": page.version.how_it_goes,
        "perspective": page.version.perspective,
        "rights": statement(page.exits),
        "mining_reserved": "ai" not in page.exits,
        "citation": citation(page),
        "self": absolute(reverse("api_story", args=[page.reference])),
    }


def whole_story(page: StoryPage) -> dict:
    """One story. Its words and its transcript are in it only with the exit for bulk data."""
    version, exits = page.version, page.exits
    made = open_renditions(page, exits) if version.asset_id else {}
    words, said = [], []
    if "bulk" in exits:
        words = paragraphs_to_show(version, exits)
        if "transcript_file" in exits:
            said = transcript_to_show(version, exits)
    return story_with_rights(page) | {
        "recording": recording(page, made),
        "paragraphs": words,
        "transcript": [{"start": c.start, "end": c.end, "text": c.text} for c in said],
    }


def recording(page: StoryPage, made: Mapping[str, media.RenditionInfo]) -> dict | None:
    """Where a recording is played from, None where nothing of it may be. `made`: what is open."""
    player = player_for(made, "", page.version.seconds)
    if player is None:
        return None
    captions = next((name for name in CAPTIONS if name in made), "")
    return {
        "kind": player.kind,
        "seconds": round(length_of(made, page.version.seconds), 2),
        "files": [
            {"address": media_address(page.slug, each["url"]), "type": each["type"]}
            for each in player.sources
        ],
        "captions": media_address(page.slug, captions) if captions else None,
        "poster": media_address(page.slug, "poster.jpg") if player.poster else None,
    }


def terms_as_json(terms: list[Term]) -> list[dict]:
    return [{"slug": term.slug, "label": term.label} for term in terms]


def notes_as_json(page: StoryPage) -> list[dict]:
    """Each with the places that it is about; none means all of the story."""
    noted = noted_of(page.version)
    unit = "seconds" if noted.spoken else "paragraphs"
    return [
        {
            "slug": term.slug,
            "label": term.label,
            "places": [
                {"unit": unit, "start": each.start, "end": each.end}
                for each in noted.passages
                if each.note == term.slug
            ],
        }
        for term in page.content_notes
    ]
