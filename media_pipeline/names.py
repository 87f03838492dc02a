"""The renditions there can be: names (the last part of their addresses), types, what they show."""

from __future__ import annotations

from collections.abc import Container

HLS_TYPE = "application/vnd.apple.mpegurl"
# A rung is named by the lines it holds at most: a film of 576 lines has its own size in "720p".
RUNGS = (240, 360, 480, 720, 1080)
# Until version 2 of the profile there was one rung. What was made then is still served.
EARLIER = "video"
PICTURES = (*(f"{lines}p" for lines in RUNGS), EARLIER)
# Moderators can choose among these (posters.py); poster.jpg is the first until they do.
POSTERS = ("poster-1.jpg", "poster-2.jpg", "poster-3.jpg")

TYPES = {
    "master.m3u8": HLS_TYPE,
    **{f"{rung}.m3u8": HLS_TYPE for rung in PICTURES},
    **{f"{rung}.mp4": "video/mp4" for rung in PICTURES},
    "audio.m3u8": HLS_TYPE,
    "audio.m4a": "audio/mp4",
    "story.mp4": "video/mp4",
    "story.mp3": "audio/mpeg",
    "poster.jpg": "image/jpeg",
    **dict.fromkeys(POSTERS, "image/jpeg"),
    "storyboard.jpg": "image/jpeg",
    "storyboard.vtt": "text/vtt; charset=utf-8",
    "peaks.json": "application/json",
    "captions.vtt": "text/vtt; charset=utf-8",
    "spoken.vtt": "text/vtt; charset=utf-8",  # the same words, at the times of the voice that reads
}

# What a rendition gives away of a person: voice and face can be refused separately. The master
# playlist gives away nothing, because it lists only what the reader may have.
NEEDS: dict[str, frozenset[str]] = {
    "master.m3u8": frozenset(),
    **{f"{rung}.m3u8": frozenset({"picture"}) for rung in PICTURES},
    **{f"{rung}.mp4": frozenset({"picture"}) for rung in PICTURES},
    "audio.m3u8": frozenset({"sound"}),
    "audio.m4a": frozenset({"sound"}),
    "story.mp4": frozenset({"sound", "picture"}),
    "story.mp3": frozenset({"sound"}),
    "poster.jpg": frozenset({"picture"}),
    **dict.fromkeys(POSTERS, frozenset({"picture"})),
    "storyboard.jpg": frozenset({"picture"}),
    "storyboard.vtt": frozenset({"picture"}),
    "peaks.json": frozenset({"sound"}),
    "captions.vtt": frozenset({"words"}),
    "spoken.vtt": frozenset({"words", "sound"}),
}

# Files that show the picture without the sound, the best for a player without HLS first: 720p or
# the next below, for more is too much for a phone's connection that can't change down.
SILENT_FILMS = ("720p.mp4", "480p.mp4", "360p.mp4", "240p.mp4", "1080p.mp4", "video.mp4")


def silent_film(names: Container[str]) -> str:
    """The best file of `names` that shows the picture alone; "" where none of them does."""
    return next((name for name in SILENT_FILMS if name in names), "")
