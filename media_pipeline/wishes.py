"""How much of a person a recording may show: what is wished for it, and what a rendition is.

An asset carries the wish, each rendition what it was made as. Whoever shows less than is wished
for may be met; whoever shows more may not, by anybody, from the moment of the wish on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from media_pipeline.names import NEEDS

if TYPE_CHECKING:
    from media_pipeline.models import MediaAsset, Rendition

# From the least altered to nothing at all. "spoken": a computer's voice reads the words aloud.
VOICES = ("own", "disguised", "spoken", "none")
FACES = ("as_is", "blurred", "none")


def check(voice: str, face: str) -> None:
    """Raises ValueError for what is none of the above."""
    if voice not in VOICES or face not in FACES:
        raise ValueError("no such wish")


def altered(asset: MediaAsset) -> dict[str, str]:
    """What is not to be shown as it was sent: {"voice": …, "face": …}, or less. Of a silent film
    no voice can be disguised, and beside a picture that is shown nothing is read aloud: nobody
    reads as fast as lips move."""
    found = {}
    if asset.has_sound and asset.voice != VOICES[0]:
        found["voice"] = asset.voice
    if asset.has_picture and asset.face != FACES[0]:
        found["face"] = asset.face
    if found.get("voice") == "spoken" and asset.has_picture and found.get("face") != "none":
        found["voice"] = "none"
    return found


def is_read_aloud(asset: MediaAsset) -> bool:
    """Whether a computer's voice is to read its words, instead of any sound of its own."""
    return altered(asset).get("voice") == "spoken"


def left(asset: MediaAsset) -> dict[str, str]:
    """What is altered of the recording itself: of one that is read aloud, no sound is left."""
    return altered(asset) | ({"voice": "none"} if is_read_aloud(asset) else {})


def has_to_be_made(asset: MediaAsset) -> bool:
    """Whether something has to be made instead of what was sent. What is not to be shown at all is
    left out by the transcode, so that the rest stays, to the byte, what was agreed to."""
    return bool({"disguised", "blurred"} & set(altered(asset).values()))


def shows_nothing(asset: MediaAsset) -> bool:
    """Whether neither sound nor picture is to be made of it: its words alone."""
    wish = left(asset)
    no_sound = not asset.has_sound or wish.get("voice") == "none"
    return no_sound and (not asset.has_picture or wish.get("face") == "none")


def made_as(asset: MediaAsset, name: str) -> dict[str, str]:
    """The facts of a rendition of this name that is made now; "" where it has none of that."""
    wish, needs = altered(asset), NEEDS[name]
    return {
        "voice": wish.get("voice", VOICES[0]) if "sound" in needs else "",
        "face": wish.get("face", FACES[0]) if "picture" in needs else "",
    }


def meets(row: Rendition, asset: MediaAsset) -> bool:
    """Whether a rendition shows no more than is wished for its recording."""
    wish = altered(asset)
    voice, face = wish.get("voice", VOICES[0]), wish.get("face", FACES[0])
    return _shows_no_more(row.voice, voice, VOICES) and _shows_no_more(row.face, face, FACES)


def has_enough(row: Rendition, asset: MediaAsset) -> bool:
    """Whether a rendition is altered no more than is wished, so that the rest can be done to it."""
    voices = VOICES.index(row.voice or VOICES[0]) <= VOICES.index(asset.voice)
    return voices and FACES.index(row.face or FACES[0]) <= FACES.index(asset.face)


def _shows_no_more(made: str, wished: str, scale: tuple[str, ...]) -> bool:
    return not made or scale.index(made) >= scale.index(wished)
