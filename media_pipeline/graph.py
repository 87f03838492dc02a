"""The one decode: a graph that ffmpeg-python compiles and `ffmpeg.run` runs.

One ffmpeg decodes once and writes every rendition; separate runs take half as much again. HLS
is fragmented MP4 with byte ranges: each rendition is one file that is also a normal MP4. Each
rung is scaled down from the one above it, which costs less than from the source each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg as graph

from media_pipeline import loudness, peaks, storyboard, upright
from media_pipeline.facts import Facts, rungs
from media_pipeline.ffmpeg import BITEXACT, GUARDED_INPUT
from media_pipeline.names import POSTERS

SEGMENT_SECONDS = 4
PICTURE = {
    "vcodec": "libx264",
    "preset": "veryfast",
    "crf": 23,
    # The same in every rung, and no others: a player changes rungs where both have a keyframe.
    "sc_threshold": 0,
    "force_key_frames": f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
    # One reordered frame at most: with more, ffmpeg 5.1 begins HLS so late that lips lag.
    "bf": 2,
    # And no lookahead in a thread of its own: with one, a run in ten writes other bytes, and what
    # was agreed to is known by its bytes when the sound beside it is left out later.
    "x264-params": "b-pyramid=none:sync-lookahead=0",
    "flags:v": "+bitexact",
}
# Kilobits a second at most, over two seconds: a bound for noise and water, not for talk.
MOST_KBITS = {"240p": 400, "360p": 800, "480p": 1400, "720p": 3000, "1080p": 5500}
HLS = {
    "format": "hls",
    "hls_time": SEGMENT_SECONDS,
    "hls_playlist_type": "vod",
    "hls_segment_type": "fmp4",
    "hls_flags": "single_file+independent_segments",
    # No edit lists, which browsers and players read differently: times are as they stand.
    "hls_segment_options": "movflags=+cmaf",
}
TRUE_PEAK = 10 ** (-1 / 20)  # -1 dBTP; four times oversampled, as BS.1770 measures it
POSTERS_AT = (0.1, 0.4, 0.7)  # of the length
POSTER_FRAMES = 25  # so many in a row, of which ffmpeg takes the most typical
JPEG = {"format": "image2", "update": 1, "q:v": 4, "frames:v": 1, "flags:v": "+bitexact"}
# Everything that changes what comes out belongs here: its hash says when work is out of date.
PROFILE = {
    "picture": PICTURE,
    "most_kbits": MOST_KBITS,
    "hls": HLS,
    "posters": [POSTERS_AT, POSTER_FRAMES],
    "storyboard": storyboard.RULES,
    "peaks": peaks.RULES,
    "version": 2,
}


def everything(source: Path, facts: Facts, gain: float, seconds: float) -> list[str]:
    """The command that makes all renditions of `source`, which lands in the working folder.

    `gain` is in decibels, from `loudness`; `seconds` is the recording's length. Writes a playlist
    and an MP4 for each rung and storyboard.rgb if there is a picture; audio.m3u8 + audio.m4a,
    story.mp3, peaks.pcm and loudness.txt if there is sound.

    Each output must get its first frame at the beginning: until the last of them has begun, ffmpeg
    reports no progress, and a command that reports none is taken for stalled. So the posters, and
    the storyboard's sheet, are made afterwards.
    """
    incoming = graph.input(str(source), **GUARDED_INPUT)
    outputs = []
    if facts.video is not None:
        outputs += _pictures(upright.picture(incoming, facts), facts, seconds)
    if facts.audio is not None:
        outputs += _sounds(_loud_enough(upright.sound(incoming, facts), gain), facts)
    return graph.merge_outputs(*outputs).compile(cmd="ffmpeg")


def _hls(stream: Any, playlist: str, media: str, **options: Any) -> Any:
    return stream.output(playlist, hls_segment_filename=media, **options, **HLS, **BITEXACT)


def _pictures(picture: Any, facts: Facts, seconds: float) -> list[Any]:
    ladder = rungs(facts.width, facts.height)
    outputs = []
    for number, (name, width, height) in enumerate(ladder):
        if number:
            picture = picture.filter("scale", width, height).filter("setsar", 1)
        # One for the encoder, one for the rung below or the storyboard.
        copies = picture.filter_multi_output("split", 2)
        rate = MOST_KBITS[name]
        bounds = {"maxrate": f"{rate}k", "bufsize": f"{2 * rate}k"}
        outputs.append(_hls(copies[0], f"{name}.m3u8", f"{name}.mp4", **PICTURE, **bounds))
        picture = copies[1]
    tiles = storyboard.plan(*ladder[-1][1:], seconds).filtered(picture)
    return [*outputs, tiles.output(storyboard.RAW, **storyboard.OPTIONS)]


def posters(picture: str, seconds: float) -> list[str]:
    """The command that takes posters from a rung of so many seconds: one typical frame each.

    A picture of a few frames has fewer posters than names, but always the first.
    """
    # From a keyframe there is nothing to decode before; a short film has too few of them.
    step = SEGMENT_SECONDS if seconds > 10 * SEGMENT_SECONDS else 0.001
    starts: dict[str, str] = {}
    for name, share in zip(POSTERS, POSTERS_AT, strict=True):
        if seconds >= 1:
            starts.setdefault(f"{seconds * share // step * step:.3f}", name)
    starts = starts or {"": POSTERS[0]}  # ffmpeg can't seek in a frame or two
    outputs = []
    for at, name in starts.items():
        seek = {"ss": at} if at else {}
        frame = graph.input(picture, **seek, **GUARDED_INPUT)["v:0"]
        frame = frame.filter("thumbnail", POSTER_FRAMES).filter("format", "yuvj420p")
        outputs.append(frame.output(name, **JPEG, **BITEXACT))
    return graph.merge_outputs(*outputs).compile(cmd="ffmpeg")


def _loud_enough(sound: Any, gain: float) -> Any:
    sound = sound.filter("volume", f"{gain:.2f}dB").filter("aresample", 192000)
    sound = sound.filter("alimiter", limit=f"{TRUE_PEAK:.4f}", level=0, attack=5, release=50)
    return loudness.watched(sound.filter("aresample", 48000))


def _sounds(sound: Any, facts: Facts) -> list[Any]:
    copies = sound.filter_multi_output("asplit", 3)
    options = {"b:a": "128k" if facts.channels > 1 else "96k", "flags:a": "+bitexact"}
    mp3 = {"acodec": "libmp3lame", "id3v2_version": 0}
    return [
        _hls(copies[0], "audio.m3u8", "audio.m4a", acodec="aac", **options),
        copies[1].output("story.mp3", **mp3, **options, **BITEXACT),
        copies[2].output(peaks.PCM, **peaks.OPTIONS),
    ]
