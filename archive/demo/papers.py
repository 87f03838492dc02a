"""Posters and guides of the demonstration's library, drawn in the site's own letters and colours.

A sheet is A4 at 150 dots an inch. What it says is a small piece of HTML (h2, h3, p, li), the same
that the resource's page shows, so that nobody has to read a picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from stories.pages.covers import FAMILIES, Family

DPI = 150
WIDTH, HEIGHT = 1240, 1754
MARGIN = 130
INK, QUIET, PAPER = "#2a2430", "#5d5464", "#fbf8f3"
ROOM = "(Room to write.)"  # drawn as a line
FONTS = Path(__file__).resolve().parents[2] / "frontend" / "dist" / "fonts"
_HEADING, _TEXT = (
    "fraunces-latin-opsz-normal.woff2",
    "atkinson-hyperlegible-next-latin-wght-normal.woff2",
)


@dataclass(frozen=True)
class Line:
    """One paragraph, heading or item; `mark` is a dot or a number before it."""

    tag: str
    text: str
    mark: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._text, self._count = "", 0

    def handle_starttag(self, tag: str, attrs) -> None:
        self._text = ""
        if tag in ("ol", "ul"):
            self._count = 1 if tag == "ol" else 0

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("h2", "h3", "p", "li"):
            return
        mark = ""
        if tag == "li":
            mark, self._count = (f"{self._count}", self._count + 1) if self._count else ("•", 0)
        self.lines.append(Line(tag, " ".join(self._text.split()), mark))


def lines_of(html: str) -> list[Line]:
    reader = _Reader()
    reader.feed(html)
    return reader.lines


def poster(html: str, colours: str) -> list[Image.Image]:
    """One sheet: a landscape above, few large words below."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet.paste(landscape(FAMILIES[colours], WIDTH, 720), (0, 0))
    draw = ImageDraw.Draw(sheet)
    title, *rest = lines_of(html)
    top = _write(draw, title.text, _font(_HEADING, 100, 500), MARGIN, 800, INK, 1.12) + 40
    for line in rest:
        size, indent = (52, 90) if line.tag == "li" else (44, 0)
        if line.tag == "p":
            top += 34
        if line.mark:
            colour = FAMILIES[colours].deep
            draw.text((MARGIN, top), line.mark, colour, _font(_HEADING, size + 4, 600))
        colour = INK if line.mark else QUIET
        top = (
            _write(draw, line.text, _font(_TEXT, size, 400), MARGIN + indent, top, colour, 1.4) + 14
        )
    return [sheet]


def guide(title: str, html: str, colours: str) -> list[Image.Image]:
    """One sheet if smaller letters can do that, or as many as it takes."""
    tried = [_guide(title, lines_of(html), colours, size) for size in (32, 27)]
    return min(tried, key=len)


def _guide(title: str, lines: list[Line], colours: str, size: int) -> list[Image.Image]:
    """A strip of landscape above the first sheet, letters of so many dots below it."""
    first = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    first.paste(landscape(FAMILIES[colours], WIDTH, 330), (0, 0))
    sheets = [first]
    draw = ImageDraw.Draw(first)
    top = _write(draw, title, _font(_HEADING, 68, 500), MARGIN, 390, INK, 1.15) + 30
    for line in lines:
        heading = line.tag in ("h2", "h3")
        font = _font(_HEADING, size + 10, 500) if heading else _font(_TEXT, size, 400)
        indent = 44 if line.mark else 0
        top += size if heading else 0
        needs = _height(line.text, font, WIDTH - 2 * MARGIN - indent, 1.5)
        if top + needs + (3 * size if heading else 0) > HEIGHT - 90:
            sheets.append(Image.new("RGB", (WIDTH, HEIGHT), PAPER))
            top = MARGIN
        draw = ImageDraw.Draw(sheets[-1])
        if line.mark:
            draw.text((MARGIN, top), line.mark, FAMILIES[colours].deep, font)
        if line.text == ROOM or line.text.endswith(":"):
            begin = 0 if line.text == ROOM else indent + font.getlength(line.text) + 16
            foot = top + size * 1.25
            draw.line((MARGIN + begin, foot, WIDTH - MARGIN, foot), QUIET, 2)
        said = "" if line.text == ROOM else line.text
        top = _write(draw, said, font, MARGIN + indent, top, INK, 1.5) + size / 3
    return sheets


@cache
def landscape(family: Family, width: int, height: int) -> Image.Image:
    """Sky, a low sun with two halos and four ridges, as on the covers; smooth at its edges."""
    scale = 2
    wide, tall = width * scale, height * scale
    picture = Image.new("RGBA", (wide, tall), family.light)
    for grow, opacity in ((2.1, 34), (1.55, 42), (1.0, 235)):
        radius, x, y = tall * 0.17 * grow, wide * 0.68, tall * 0.36
        _lay(
            picture,
            "ellipse",
            (x - radius, y - radius, x + radius, y + radius),
            family.middle,
            opacity,
        )
    for number, (level, colour, opacity) in enumerate(
        (
            (0.56, family.middle, 150),
            (0.68, family.middle, 225),
            (0.78, family.deep, 200),
            (0.9, family.deep, 250),
        )
    ):
        ridge = [
            (x, tall * (level + 0.07 * math.sin(x / wide * (3 + number * 1.3) + number * 2.1)))
            for x in range(0, wide + 8, 8)
        ]
        _lay(picture, "polygon", [*ridge, (wide, tall), (0, tall)], colour, opacity)
    return picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def save(sheets: list[Image.Image], path: Path, title: str) -> None:
    """As the ending says: a PDF of all sheets, or a picture of the first."""
    if path.suffix == ".pdf":
        first, *rest = sheets
        first.save(path, resolution=DPI, save_all=True, append_images=rest, title=title)
    else:
        sheets[0].save(path, dpi=(DPI, DPI), optimize=True)


def _lay(picture: Image.Image, shape: str, where, colour: str, opacity: int) -> None:
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    getattr(ImageDraw.Draw(layer), shape)(where, fill=(red, green, blue, opacity))
    picture.alpha_composite(layer)


@cache
def _font(name: str, size: int, weight: int) -> FreeTypeFont:
    font = ImageFont.truetype(str(FONTS / name), size)
    axes = font.get_variation_axes()
    font.set_variation_by_axes([weight if axis["name"] == b"Weight" else size for axis in axes])
    return font


def _wrapped(text: str, font: FreeTypeFont, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _height(text: str, font: FreeTypeFont, width: int, leading: float) -> float:
    return len(_wrapped(text, font, width)) * font.size * leading


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    font: FreeTypeFont,
    left: int,
    top: float,
    colour: str,
    leading: float,
) -> float:
    """Write a paragraph; return where the next may begin."""
    for line in _wrapped(text, font, WIDTH - MARGIN - left):
        draw.text((left, top), line, colour, font)
        top += font.size * leading
    return top
