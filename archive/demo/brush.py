"""Strokes for drawn frames. Each paints in place on a uint8 array of HEIGHT x WIDTH x 3 (RGB)
with soft edges: an edge pixel is covered by as much of a shape as lies over it."""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT = 1280, 720
Colour = tuple[int, int, int] | tuple[int, ...]


def gradient(top: Colour, bottom: Colour) -> np.ndarray:
    """A new frame that goes from one colour at the top to another at the bottom."""
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    column = np.array(top) * (1 - down) + np.array(bottom) * down
    return np.repeat(np.round(column), WIDTH, axis=1).astype(np.uint8)


def ease(done: float) -> float:
    """From 0 to 1 with a slow start and a slow end (smoothstep)."""
    return done * done * (3 - 2 * done)


def rolling(base: float, height: float, waves: float, shift: float) -> np.ndarray:
    """The skyline of a hill: for each column its height in pixels from the top."""
    across = np.arange(WIDTH) / WIDTH * 2 * np.pi
    first = np.sin(across * waves * 0.5 + waves * 3 + shift)
    second = np.sin(across * waves * 1.3 + waves + shift * 1.7)
    return base - height * (0.7 * first + 0.3 * second)


def ridge(frame: np.ndarray, skyline: np.ndarray, colour: Colour) -> None:
    """Fill everything below a skyline."""
    top, foot = int(skyline.min()) - 1, int(skyline.max()) + 2
    cover = np.clip(np.arange(top, foot)[:, None] + 0.5 - skyline[None, :], 0, 1)
    _blend(frame, top, 0, cover, colour)
    frame[foot:] = _row(WIDTH, colour)


def disc(
    frame: np.ndarray, x: float, y: float, radius: float, colour: Colour, opacity: float
) -> None:
    """A filled circle."""
    left, top = int(x - radius) - 2, int(y - radius) - 2
    size = int(2 * radius) + 5
    rows, columns = np.ogrid[top : top + size, left : left + size]
    cover = np.clip(radius + 0.5 - np.hypot(rows - y, columns - x), 0, 1) * opacity
    _blend(frame, top, left, cover, colour)


def ring(
    frame: np.ndarray, x: float, y: float, radius: float, thick: float, colour: Colour
) -> None:
    """A circle's line, `thick` pixels either side together."""
    reach = int(radius + thick) + 2
    left, top = int(x) - reach, int(y) - reach
    rows, columns = np.ogrid[top : top + 2 * reach, left : left + 2 * reach]
    away = np.abs(np.hypot(rows - y, columns - x) - radius)
    _blend(frame, top, left, np.clip(thick / 2 + 0.5 - away, 0, 1), colour)


def bar(
    frame: np.ndarray, left: float, top: float, right: float, bottom: float, colour: Colour
) -> None:
    """A filled rectangle, soft along the top and the bottom; its sides lie on whole columns."""
    first, last = int(np.ceil(top)), int(bottom)
    start, stop = round(left), round(right)
    frame[max(first, 0) : last, start:stop] = _row(stop - start, colour)
    for row, cover in ((first - 1, first - top), (last, bottom - last)):
        _blend(frame, row, start, np.full((1, stop - start), cover), colour)


def vessel(
    frame: np.ndarray, x: float, top: float, rim: float, foot: float, tall: float, colour: Colour
) -> None:
    """A cup seen from the side: half widths at `rim` and `foot`, lit from the left."""
    first, left, reach = int(top), int(x - rim) - 2, int(2 * rim) + 5
    rows, columns = np.ogrid[first : first + int(tall), left : left + reach]
    down = (rows - top) / tall
    half = foot + (rim - foot) * np.sqrt(np.clip(1 - down**2.6, 0, 1))
    cover = np.clip(half + 0.5 - np.abs(columns - x), 0, 1)
    light = 1.12 - 0.3 * (columns - x + rim) / (2 * rim)
    lit = np.clip(light[..., None] * np.array(colour), 0, 255)
    _blend(frame, first, left, cover, lit)


def streak(
    frame: np.ndarray,
    rows: np.ndarray,
    centres: np.ndarray,
    widths: np.ndarray,
    opacities: np.ndarray,
    colour: Colour,
) -> None:
    """A soft thread down the given rows: a normal curve about each row's centre."""
    reach = int(3 * np.max(widths))
    left = int(np.min(centres)) - reach
    columns = np.arange(left, int(np.max(centres)) + reach)
    spread = (columns[None, :] - centres[:, None]) / np.broadcast_to(widths, rows.shape)[:, None]
    _blend(frame, int(rows[0]), left, opacities[:, None] * np.exp(-(spread**2)), colour)


def stitch(width: int, height: int, colour: Colour) -> tuple[np.ndarray, np.ndarray]:
    """One knitted stitch, a V of two leaning strands: its colours and how far each pixel covers."""
    rows, columns = np.mgrid[0:height, 0:width]
    cover = np.zeros((height, width))
    paint = np.zeros((height, width, 3))
    for side in (-1, 1):
        across = (columns - (width - 1) / 2 - side * width / 4) * side
        down = rows - (height - 1) / 2
        lean = np.radians(32)
        long = across * np.sin(lean) - down * np.cos(lean)
        short = across * np.cos(lean) + down * np.sin(lean)
        away = np.hypot(long / (height * 0.56), short / (width * 0.25))
        strand = np.clip((1 - away) * 7, 0, 1)
        light = np.clip(1.18 - 0.55 * away**2, 0, 1.2)
        paint = np.where((strand > cover)[..., None], light[..., None] * np.array(colour), paint)
        cover = np.maximum(cover, strand)
    return np.clip(paint, 0, 255), cover


def stamp(frame: np.ndarray, mark: tuple[np.ndarray, np.ndarray], left: float, top: float) -> None:
    """Press a mark from `stitch` on the frame."""
    paint, cover = mark
    _blend(frame, int(top), int(left), cover, paint)


def _row(width: int, colour: Colour) -> np.ndarray:
    """A row of one colour: laying a row is several times faster than laying single pixels."""
    return np.tile(np.array(colour, dtype=np.uint8), (width, 1))


def _blend(
    frame: np.ndarray, top: int, left: int, cover: np.ndarray, paint: np.ndarray | Colour
) -> None:
    """Lay paint (one colour, or one a pixel) over a part of the frame; what lies outside is cut."""
    up, back = max(0, -top), max(0, -left)
    cover = cover[up : max(up, HEIGHT - top), back : max(back, WIDTH - left)]
    if cover.size == 0:
        return
    colours = np.asarray(paint, dtype=np.float32)
    if colours.ndim == 3:
        colours = colours[up : up + cover.shape[0], back : back + cover.shape[1]]
    first, start = top + up, left + back
    part = frame[first : first + cover.shape[0], start : start + cover.shape[1]]
    blended = colours - part  # in place from here on: this is where the time goes
    blended *= cover[..., None].astype(np.float32)
    blended += part
    blended += 0.5
    part[:] = blended
