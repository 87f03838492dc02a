"""How voices and faces are to be shown: what everybody in a recording chose, for the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from media_pipeline import api as media
from stories.consent.choices import ALTERING
from stories.consent.reading import consents_of
from stories.contributions.allowed import consents_for
from stories.contributions.models import Contribution
from stories.contributions.participants import participants_of

# Our options in the pipeline's words.
WISHES = {
    "own": "own",
    "disguised": "disguised",
    "words_spoken": "spoken",
    "words_only": "none",
    "as_is": "as_is",
    "blurred": "blurred",
    "no_picture": "none",
}


# Another answer to one of these is another wish.
ASKED = frozenset({*ALTERING, "publish_video"})


def wish_of(story: Contribution) -> tuple[str, str]:
    """(voice, face) as the pipeline names them: what whoever wants the least shown has chosen.

    Who has not chosen yet keeps the recording closed, but changes nothing in it.
    """
    people = [story.contributor_key, *participants_of(story).values_list("key", flat=True)]
    choices = [consents_of(key).choices for key in people]
    voice, face = (
        max(
            (WISHES[chosen[slug]] for chosen in choices if chosen.get(slug) in options),
            key=[WISHES[option] for option in options].index,
            default=WISHES[options[0]],
        )
        for slug, options in ALTERING.items()
    )
    if voice == "spoken" and "publish_video" not in consents_for(story).given:
        face = "none"  # beside a picture nothing is read aloud, and nobody is to see this one
    return voice, face


def carry_out(story: Contribution) -> None:
    """Have the recording made as it is wished now. What shows more is closed from here on.

    Where the recording as it was sent is not kept any more, less can't be hidden again.
    """
    with suppress(media.OriginalDropped, media.UnknownAsset):
        prepare(story)


def prepare(story: Contribution) -> None:
    """Have the recording made, if there is one. Raises UnknownAsset and OriginalDropped."""
    if upload := story.upload:
        voice, face = wish_of(story)
        transcribe = "automatic_transcription" in consents_of(story.contributor_key).given
        media.start(upload.asset_id, transcribe=transcribe, voice=voice, face=face)


def shown_as(made: Mapping[str, media.RenditionInfo]) -> tuple[str, str]:
    """(voice, face) that can be heard and seen in what was made; "" for nothing of that kind."""
    voices = {item.voice for item in made.values()} - {"", "none"}
    faces = {item.face for item in made.values()} - {"", "none"}
    return next(iter(voices), ""), next(iter(faces), "")
