"""A series' picture for podcast apps: its drawn landscape with its title, as they want pictures.

Square, 1400 to 3000 pixels, a JPEG in RGB:
https://podcasters.apple.com/support/896-artwork-requirements
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

import resvg_py
from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from stories.pages.covers import cover_svg

SIDE = 1500  # pixels
DRAWN_AS = 1  # raise it when the drawing changes
FONT = "fonts/fraunces-latin-opsz-normal.woff2"
OPTICAL_SIZE, WEIGHT = 144, 480
MARGIN = 120
LARGEST, SMALLEST = 190, 80
INK = "#2a2430"
MOST_LINES = 4


def artwork_name(slug: str, theme: str, title: str) -> str:
    """Changes with anything that artwork() would draw otherwise."""
    return hashlib.sha256(repr((DRAWN_AS, slug, theme, title)).encode()).hexdigest()


@lru_cache(maxsize=16)
def artwork(slug: str, theme: str, title: str) -> bytes:
    """The picture as a JPEG. `theme` is the slug of a colour family (covers.FAMILIES)."""
    size = f'width="{SIDE}" height="{SIDE}" '
    drawing = cover_svg(slug, [theme]).replace("<svg ", f"<svg {size}", 1)
    painted = resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True)
    picture = Image.open(io.BytesIO(painted)).convert("RGB")
    _write(picture, title)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88, dpi=(72, 72))
    return file.getvalue()


def _write(picture: Image.Image, title: str) -> None:
    """Put the title into the sky, as large as it fits."""
    path = finders.find(FONT)
    if not path:
        return  # nothing is built yet: apps write the title beside the picture themselves
    draw = ImageDraw.Draw(picture)
    for size in range(LARGEST, SMALLEST - 1, -10):
        font = ImageFont.truetype(str(path), size)
        font.set_variation_by_axes([OPTICAL_SIZE, WEIGHT])
        lines = _broken(title, font)
        if len(lines) * size * 1.15 <= SIDE * 0.42 and _widest(lines, font) <= SIDE - 2 * MARGIN:
            break
    text = "\n".join(lines[:MOST_LINES])
    draw.multiline_text((MARGIN, MARGIN), text, fill=INK, font=font, spacing=size * 0.05)


def _broken(title: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > SIDE - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _widest(lines: list[str], font: ImageFont.FreeTypeFont) -> float:
    return max(font.getlength(line) for line in lines)
