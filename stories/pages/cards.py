"""Share cards: a story's drawn cover as a picture for other sites, which can't show SVG.

Other sites keep such pictures longest, so there is no word in it and nothing of the story: what
its title and summary say stands beside it, and goes when they ask again.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw

from stories.pages import covers

WIDTH, HEIGHT = 1200, 630
_FINER = 2  # drawn so many times as large, for smooth edges
_SCALE = _FINER * WIDTH / covers.WIDTH
# The card is a little wider in shape: as much is cut off above as below.
_TOP = (covers.HEIGHT * _SCALE - HEIGHT * _FINER) / 2
_STEPS = 12  # straight pieces of one curve
_CREST = 1.0  # width of a crest's light, in the cover's units

Point = tuple[float, float]


def card_png(slug: str, themes: Sequence[str] = ()) -> bytes:
    """The cover of `slug` (see covers.drawing) as a PNG of WIDTH by HEIGHT pixels."""
    drawn = covers.drawing(slug, themes)
    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), drawn.sky)
    brush = ImageDraw.Draw(image, "RGBA")
    for disc in drawn.discs:
        x, y = _placed((disc.x, disc.y))
        radius = disc.radius * _SCALE
        box = (x - radius, y - radius, x + radius, y + radius)
        brush.ellipse(box, fill=_colour(disc.colour, disc.opacity))
    for hill in drawn.hills:
        ridge = _line(hill)
        ground = [(ridge[-1][0], image.height), (0.0, image.height)]
        brush.polygon([*ridge, *ground], fill=_colour(hill.colour, hill.opacity))
        half = _CREST * _SCALE / 2
        crest = [(x, y - half) for x, y in ridge] + [(x, y + half) for x, y in reversed(ridge)]
        brush.polygon(crest, fill=_colour(drawn.sky, covers.CREST_OPACITY))
    made = io.BytesIO()
    image.reduce(_FINER).save(made, "PNG")
    return made.getvalue()


def _line(hill: covers.Hill) -> list[Point]:
    """A hill's crest as points of the picture, from its left edge to its right."""
    start: Point = (0.0, hill.start)
    points = [_placed(start)]
    for one, two, end in hill.curves:
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            corners = (start, one, two, end)
            x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
            y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
            points.append(_placed((x, y)))
        start = end
    return points


def _placed(point: Point) -> Point:
    return point[0] * _SCALE, point[1] * _SCALE - _TOP


def _colour(name: str, opacity: float) -> tuple[int, ...]:
    return (*ImageColor.getrgb(name)[:3], round(opacity * 255))
