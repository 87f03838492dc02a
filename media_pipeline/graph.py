"""The one decode: a graph that ffmpeg-python compiles and `ffmpeg.run` runs.

One ffmpeg decodes once and writes every rendition; separate runs take half as much again. HLS
is fragmented MP4 with byte ranges: each rendition is one file that is also a normal MP4.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg as graph

from media_pipeline.facts import Facts, fit
from media_pipeline.ffmpeg import BITEXACT, GUARDED_INPUT

SEGMENT_SECONDS = 4
PICTURE = {
    "vcodec": "libx264",
    "preset": "veryfast",
    "crf": 23,
    "maxrate": "3000k",
    "bufsize": "6000k",
    "sc_threshold": 0,
    "force_key_frames": f"expr:gte(t,n_forced*{SEGMENT_SECONDS})",
    # One reordered frame at most: with more, ffmpeg 5.1 begins HLS so late that lips lag.
    "bf": 2,
    "x264-params": "b-pyramid=none",
    "flags:v": "+bitexact",
}
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
# Everything that changes what comes out belongs here: its hash says when work is out of date.
PROFILE = {"picture": PICTURE, "hls": HLS, "version": 1}


def everything(source: Path, facts: Facts, gain: float) -> list[str]:
    """The command that makes all renditions of `source`, which lands in the working folder.

    `gain` is in decibels, from `loudness`. Writes video.m3u8 + video.mp4 if there is a picture;
    audio.m3u8 + audio.m4a and story.mp3 if there is sound.
    """
    incoming = graph.input(str(source), **GUARDED_INPUT)
    outputs = []
    if facts.video is not None:
        outputs.append(_hls(_picture(incoming, facts), "video.m3u8", "video.mp4", **PICTURE))
    if facts.audio is not None:
        shared, mp3 = _sound(incoming, facts, gain)
        rate = "128k" if facts.channels > 1 else "96k"
        outputs.append(
            _hls(
                shared,
                "audio.m3u8",
                "audio.m4a",
                **{"acodec": "aac", "b:a": rate, "flags:a": "+bitexact"},
            )
        )
        outputs.append(
            mp3.output(
                "story.mp3",
                **{"acodec": "libmp3lame", "b:a": rate, "flags:a": "+bitexact"},
                id3v2_version=0,
                **BITEXACT,
            )
        )
    return graph.merge_outputs(*outputs).compile(cmd="ffmpeg")


def _hls(stream: Any, playlist: str, media: str, **options: Any) -> Any:
    return stream.output(playlist, hls_segment_filename=media, **options, **HLS, **BITEXACT)


def _picture(incoming: Any, facts: Facts) -> Any:
    """Upright (ffmpeg turns it), steady, even-sized, in colours that every browser shows."""
    picture = incoming[str(facts.video)]
    if facts.interlaced:
        picture = picture.filter("yadif")
    picture = picture.filter("fps", _ratio(facts.rate), start_time=0)
    width, height = fit(facts.width, facts.height)
    picture = picture.filter("scale", width, height)
    if facts.hdr:
        for name, options in (
            ("zscale", {"t": "linear", "npl": 100}),
            ("format", {"pix_fmts": "gbrpf32le"}),
            ("zscale", {"p": "bt709"}),
            ("tonemap", {"tonemap": "hable", "desat": 0}),
            ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
        ):
            picture = picture.filter(name, **options)
    return picture.filter("setsar", 1).filter("format", "yuv420p")


def _sound(incoming: Any, facts: Facts, gain: float) -> tuple[Any, Any]:
    layout = "stereo" if facts.channels > 1 else "mono"
    # async: gaps in a phone's sound become silence, so that lips and words stay together.
    sound = incoming[str(facts.audio)].filter("aresample", 48000, **{"async": 1, "first_pts": 0})
    sound = sound.filter("aformat", channel_layouts=layout).filter("volume", f"{gain:.2f}dB")
    sound = sound.filter("aresample", 192000)
    sound = sound.filter("alimiter", limit=f"{TRUE_PEAK:.4f}", level=0, attack=5, release=50)
    split = sound.filter("aresample", 48000).filter_multi_output("asplit", 2)
    return split[0], split[1]


def _ratio(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
