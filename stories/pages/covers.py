"""Covers: a landscape drawn for each story that has no picture of its own.

The drawing depends on the story's slug and its first two themes only, so the same story looks
the same on a card, behind its sound and on a share card, and nothing needs storing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 640, 360
_POINTS = 6  # stretches of one ridge line
CREST_OPACITY = 0.22


class Family(NamedTuple):
    """A theme's three colours, from sky to nearest hill."""

    light: str
    middle: str
    deep: str


class Disc(NamedTuple):
    """The sun or a halo of it."""

    x: float
    y: float
    radius: float
    colour: str
    opacity: float


class Hill(NamedTuple):
    """All below one rolling line: `start`, its height at the left edge, then Bézier curves, each
    as its two control points and its end."""

    start: float
    curves: list[tuple[tuple[float, float], ...]]
    colour: str
    opacity: float


class Drawing(NamedTuple):
    """From back to front. The crest of each hill catches the sky's light, at CREST_OPACITY."""

    sky: str
    discs: list[Disc]
    hills: list[Hill]


FAMILIES = {
    "connectedness": Family("#f5dac9", "#d07f5e", "#8f4a3c"),
    "hope": Family("#fce9b8", "#e3a848", "#94682a"),
    "identity": Family("#e7d7eb", "#aa7bb9", "#5e3768"),
    "meaning": Family("#d6e4ed", "#5f90ab", "#2c546b"),
    "empowerment": Family("#d8e8de", "#5fa083", "#2a5949"),
    "creativity": Family("#f7d8dd", "#d4758c", "#843550"),
}


def drawing(slug: str, themes: Sequence[str] = ()) -> Drawing:
    """The landscape for `slug`, in units of 640 by 360.

    `themes` are theme slugs; the first gives the sky and the far hills, the second the sun and
    the near hills. Slugs without a colour family of their own are passed over, and what is then
    missing is chosen by the slug.
    """
    draws = _draws(slug)
    sky, hills = _families(themes, draws)
    sun_x, sun_y = WIDTH * (0.22 + 0.56 * next(draws)), HEIGHT * (0.26 + 0.16 * next(draws))
    radius = HEIGHT * (0.13 + 0.06 * next(draws))
    discs = [
        Disc(sun_x, sun_y, radius * grow, hills.middle, opacity)
        for grow, opacity in ((2.1, 0.13), (1.55, 0.16), (1.0, 0.92))
    ]
    far_to_near = (
        (0.56, sky.middle, 0.82),
        (0.66, hills.middle, 0.9),
        (0.77, sky.deep, 0.88),
        (0.89, hills.deep, 0.96),
    )
    ridges = [Hill(*_ridge(level, draws), colour, fill) for level, colour, fill in far_to_near]
    return Drawing(sky.light, discs, ridges)


def cover_svg(slug: str, themes: Sequence[str] = ()) -> str:
    """Return the drawing for `slug` as a stand-alone SVG, about 2.5 kB.

    It is decoration: hidden from assistive technology, with presentation attributes only, as the
    content security policy asks.
    """
    drawn = drawing(slug, themes)
    parts = [
        f'<svg class="cover" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">',
        f'<path fill="{drawn.sky}" d="M0 0H{WIDTH}V{HEIGHT}H0z"/>',
    ]
    for disc in drawn.discs:
        parts.append(
            f'<circle cx="{disc.x:.0f}" cy="{disc.y:.0f}" r="{disc.radius:.0f}" '
            f'fill="{disc.colour}" fill-opacity="{disc.opacity}"/>'
        )
    for hill in drawn.hills:
        ridge = f"M0 {hill.start:.0f}" + "".join(
            "C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in curve) for curve in hill.curves
        )
        parts.append(
            f'<path fill="{hill.colour}" fill-opacity="{hill.opacity}" d="{ridge}V{HEIGHT}H0z"/>'
            # The light catches the crest.
            f'<path fill="none" stroke="{drawn.sky}" stroke-opacity="{CREST_OPACITY}" d="{ridge}"/>'
        )
    parts.append("</svg>")
    return "".join(parts)


def _draws(slug: str) -> Iterator[float]:
    """Yield numbers from 0 to 1 that depend on the slug alone, on every machine and for good."""
    counter = 0
    while True:
        digest = hashlib.sha256(f"{slug}/{counter}".encode()).digest()
        for start in range(0, len(digest), 4):
            yield int.from_bytes(digest[start : start + 4], "big") / 2**32
        counter += 1


def _families(themes: Sequence[str], draws: Iterator[float]) -> tuple[Family, Family]:
    """Pick the two colour families; always draws twice, so that the hills stay where they were."""
    chosen = [theme for theme in dict.fromkeys(themes) if theme in FAMILIES][:2]
    for draw in (next(draws), next(draws)):
        if len(chosen) < 2:
            left = [name for name in FAMILIES if name not in chosen]
            chosen.append(left[int(draw * len(left))])
    return FAMILIES[chosen[0]], FAMILIES[chosen[1]]


def _ridge(
    level: float, draws: Iterator[float]
) -> tuple[float, list[tuple[tuple[float, float], ...]]]:
    """Start and curves of one rolling line across the picture, as Hill has them.

    `level` is its mean height, 0 at the top and 1 at the bottom. Two waves are added and joined
    by Catmull-Rom curves, written as the Bézier curves that they equal.
    """
    swell, ripple = HEIGHT * (0.05 + 0.07 * next(draws)), HEIGHT * 0.025 * next(draws)
    slow, quick = 0.7 + 0.8 * next(draws), 1.6 + next(draws)
    begin, start = math.tau * next(draws), math.tau * next(draws)

    def height(step: int) -> float:
        turn = math.tau * step / _POINTS
        wave = swell * math.sin(slow * turn + begin) + ripple * math.sin(quick * turn + start)
        return level * HEIGHT + wave

    stride = WIDTH / _POINTS
    curves: list[tuple[tuple[float, float], ...]] = []
    for step in range(_POINTS):
        before, here, there, after = (height(step + offset) for offset in (-1, 0, 1, 2))
        left, right = stride * (step + 1 / 3), stride * (step + 2 / 3)
        curves.append(
            (
                (left, here + (there - before) / 6),
                (right, there - (after - here) / 6),
                (stride * (step + 1), there),
            )
        )
    return height(0), curves
