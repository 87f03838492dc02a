"""Picture and sound on one timeline, upright and steady, before anything else is done to them."""

from __future__ import annotations

from typing import Any

from media_pipeline.facts import Facts, rungs


def picture(incoming: Any, found: Facts, size: tuple[int, int] | None = None) -> Any:
    """The picture at a steady rate, at `size` or that of its top rung, in colours that all show."""
    shown = incoming[str(found.video)]
    if found.interlaced:
        shown = shown.filter("yadif")
    shown = shown.filter("fps", f"{found.rate.numerator}/{found.rate.denominator}", start_time=0)
    if found.stands:
        # Some containers say how long it stands, and ffmpeg repeats it for so long already.
        shown = shown.filter("tpad", stop_mode="clone", stop_duration=found.stands)
        shown = shown.filter("trim", duration=found.stands)
    shown = shown.filter("scale", *(size or rungs(found.width, found.height)[0][1:]))
    if found.hdr:
        for name, options in (
            ("zscale", {"t": "linear", "npl": 100}),
            ("format", {"pix_fmts": "gbrpf32le"}),
            ("zscale", {"p": "bt709"}),
            ("tonemap", {"tonemap": "hable", "desat": 0}),
            ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
        ):
            shown = shown.filter(name, **options)
    return shown.filter("setsar", 1).filter("format", "yuv420p")


def sound(incoming: Any, found: Facts) -> Any:
    """The sound from the first moment on; gaps are silence, so that lips and words fit."""
    heard = incoming[str(found.audio)].filter("aresample", 48000, **{"async": 1, "first_pts": 0})
    layout = "stereo" if found.channels > 1 else "mono"
    return heard.filter("aformat", channel_layouts=layout)
