"""The renditions there can be: names (the last part of their addresses), types, what they show."""

from __future__ import annotations

HLS_TYPE = "application/vnd.apple.mpegurl"
TYPES = {
    "master.m3u8": HLS_TYPE,
    "video.m3u8": HLS_TYPE,
    "video.mp4": "video/mp4",
    "audio.m3u8": HLS_TYPE,
    "audio.m4a": "audio/mp4",
    "story.mp4": "video/mp4",
    "story.mp3": "audio/mpeg",
    "poster.jpg": "image/jpeg",
    "captions.vtt": "text/vtt; charset=utf-8",
}

# What a rendition gives away of a person: voice and face can be refused separately. The master
# playlist gives away nothing, because it lists only what the reader may have.
NEEDS: dict[str, frozenset[str]] = {
    "master.m3u8": frozenset(),
    "video.m3u8": frozenset({"picture"}),
    "video.mp4": frozenset({"picture"}),
    "audio.m3u8": frozenset({"sound"}),
    "audio.m4a": frozenset({"sound"}),
    "story.mp4": frozenset({"sound", "picture"}),
    "story.mp3": frozenset({"sound"}),
    "poster.jpg": frozenset({"picture"}),
    "captions.vtt": frozenset({"words"}),
}
