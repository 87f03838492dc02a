"""The one decode: a graph that ffmpeg-python compiles and `ffmpeg.run` runs.

One ffmpeg decodes once and writes every rendition; separate runs take half as much again. HLS
is fragmented MP4 with byte ranges: each rendition is one file that is also a normal MP4. Each
rung is scaled down from the one above it, which costs less than from the source each time.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg as graph

from media_pipeline import loudness, peaks, storyboard, upright
from media_pipeline.facts import Facts, rungs
from media_pipeline.ffmpeg import BITEXACT, GUARDED_INPUT
from media_pipeline.names import POSTERS, silent_film

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
    "x264-params": "b-pyramid=none",
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
JPEG = {"format": "image2", "q:v": 4, "fps_mode": "passthrough", "flags:v": "+bitexact"}
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
    and an MP4 for each rung, poster-1.jpg … and storyboard.jpg if there is a picture; audio.m3u8 +
    audio.m4a, story.mp3, peaks.pcm and loudness.txt if there is sound. A picture that ends long
    before the sound has fewer posters, or none.
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
    """The ladder, with the posters from the rung that is also shown in one file."""
    ladder = rungs(facts.width, facts.height)
    shown = silent_film([f"{name}.mp4" for name, _, _ in ladder])
    outputs = []
    for number, (name, width, height) in enumerate(ladder):
        if number:
            picture = picture.filter("scale", width, height).filter("setsar", 1)
        posters = f"{name}.mp4" == shown
        # One for the encoder, one for the rung below or the storyboard.
        copies = picture.filter_multi_output("split", 3 if posters else 2)
        rate = MOST_KBITS[name]
        bounds = {"maxrate": f"{rate}k", "bufsize": f"{2 * rate}k"}
        outputs.append(_hls(copies[0], f"{name}.m3u8", f"{name}.mp4", **PICTURE, **bounds))
        picture = copies[1]
        if posters:
            outputs.append(_posters(copies[2], facts, seconds))
    board = storyboard.plan(ladder[-1][1], ladder[-1][2], seconds)
    outputs.append(_jpeg(board.filtered(picture), "storyboard.jpg", update=1, **{"frames:v": 1}))
    return outputs


def _posters(picture: Any, facts: Facts, seconds: float) -> Any:
    frames = int(facts.rate * Fraction(seconds))
    row = max(2, min(POSTER_FRAMES, frames // 10))  # ffmpeg compares two or more
    starts = [int(frames * share) for share in POSTERS_AT]
    wanted = "+".join(f"between(n,{start},{start + row - 1})" for start in starts)
    picture = picture.filter("select", wanted).filter("thumbnail", row)
    return _jpeg(picture, "poster-%d.jpg", **{"frames:v": len(POSTERS)})


def _jpeg(picture: Any, name: str, **options: Any) -> Any:
    picture = picture.filter("format", "yuvj420p")
    return picture.output(name, **JPEG, **options, **BITEXACT)


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
