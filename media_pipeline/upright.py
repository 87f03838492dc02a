"""Picture and sound on one timeline, upright and steady, before anything is altered in them."""

from __future__ import annotations

from typing import Any

from media_pipeline.facts import Facts, fit

LONG, SHORT = 1920, 1080  # no more is shown of any film


def picture(incoming: Any, found: Facts, size: tuple[int, int] | None = None) -> Any:
    """The picture at a steady rate, at `size` or as it is, 1080p at most."""
    shown = incoming[str(found.video)]
    if found.interlaced:
        shown = shown.filter("yadif")
    shown = shown.filter("fps", f"{found.rate.numerator}/{found.rate.denominator}", start_time=0)
    shown = shown.filter("scale", *(size or fit(found.width, found.height, LONG, SHORT)))
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
    return heard.filter("aformat", sample_fmts="s16", channel_layouts=layout)
