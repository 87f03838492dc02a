"""What is said in a recording: the words that were agreed, and no others.

The pipeline may write words down late, hear them anew, or have them put right by a person. What
a version let out is told by the hash that was frozen with it, as with the renditions.
"""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from media_pipeline import api as media
from stories.contributions.versions import ENGLISH, StoryVersion


def agreed_cues(version: StoryVersion) -> list[media.Cue]:
    """The cues, exactly as they were when this version was frozen; none when they are others now.

    Whatever leaves the archive reads what was said here, never in the pipeline. Where a computer's
    voice reads them, their times are those of the reading.
    """
    cues = heard(version.asset_id)
    if not cues or hash_of(cues) != version.cues_sha256:
        return []
    return _as_read(version) or cues


def _as_read(version: StoryVersion) -> list[media.Cue]:
    if version.voice != "spoken" or version.asset_id is None:
        return []
    made = media.renditions(version.asset_id).get(media.SPOKEN)
    same = made is not None and made.sha256 == version.renditions.get(media.SPOKEN)
    return media.read_aloud(version.asset_id) if same else []


def heard(asset_id: UUID | None) -> list[media.Cue]:
    """The cues as they stand in the pipeline now, agreed or not: for those who are to look."""
    if asset_id is None:
        return []
    try:
        return media.cues(asset_id)
    except media.UnknownAsset:
        return []


def as_heard_now(asset_id: UUID | None) -> list[media.Cue]:
    """The cues as they stand now, at the times of what can be heard now, for those who look."""
    if asset_id is None:
        return []
    try:
        return media.read_aloud(asset_id) or media.cues(asset_id)
    except media.UnknownAsset:
        return []


def language_of(asset_id: UUID) -> str:
    """In which language a recording is, as far as anybody or a computer knows."""
    known = media.spoken(asset_id).language
    return known if known and known != "en" else ENGLISH


def hash_of(cues: list[media.Cue]) -> str:
    """SHA-256 of a transcript: every cue's start, end and text, and who speaks where it is told."""
    said = [(cue.start, cue.end, cue.text, *([cue.speaker] if cue.speaker else [])) for cue in cues]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
