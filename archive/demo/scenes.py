"""The pictures of the demonstration films: three quiet scenes, drawn frame by frame.

Nothing flashes and nothing moves fast. Frames are uint8 arrays of HEIGHT x WIDTH x 3 (RGB).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from archive.demo import brush
from archive.demo.brush import HEIGHT, WIDTH

FPS = 24
__all__ = ["FPS", "HEIGHT", "WIDTH", "frames"]


def frames(scene: str, seconds: float) -> Iterator[np.ndarray]:
    """Draw `seconds` of "night", "tea" or "wool". Raises KeyError for another scene."""
    count = max(1, round(seconds * FPS))
    return {"night": _night, "tea": _tea, "wool": _wool}[scene](count)


def _night(count: int) -> Iterator[np.ndarray]:
    """A window over dark water: the moon goes slowly by, the lights opposite sway, a cup steams."""
    chance = np.random.default_rng(4)
    sky = brush.gradient((24, 24, 46), (66, 62, 96))
    for x, y, size in chance.uniform((0, 0, 0.8), (WIDTH, 330, 1.9), (90, 3)):
        brush.disc(sky, x, y, size, (236, 232, 214), 0.75)
    lamps = chance.uniform((80, 0), (WIDTH - 60, 1), (13, 2))
    rows = np.arange(440, HEIGHT)
    for number in range(count):
        time = number / FPS
        frame = sky.copy()
        moon_x, moon_y = 300 + 9 * time, 190 - 2.4 * time
        for radius, opacity in ((120, 0.06), (78, 0.1), (44, 0.95)):
            brush.disc(frame, moon_x, moon_y, radius, (244, 232, 200), opacity)
        brush.ridge(frame, brush.rolling(395, 30, 2.1, 0.02 * time), (40, 38, 66))
        frame[440:] = brush.gradient((38, 38, 70), (20, 20, 40))[440:]
        for x, phase in lamps:
            brush.disc(frame, x, 430, 3.2, (246, 206, 130), 0.95)
            sway = 5 * np.sin(rows / 13 + time * 0.9 + phase * 6) * (rows - 440) / 120
            fade = 0.5 * np.exp(-(rows - 440) / 95)
            brush.streak(frame, rows, x + sway, 4 + (rows - 440) / 60, fade, (246, 206, 130))
        _window(frame, (30, 24, 34))
        _cup(frame, 930, 640, (150, 108, 124), time)
        yield frame


def _tea(count: int) -> Iterator[np.ndarray]:
    """A window at morning: two curtains drift apart, the sun clears the hills, a cup steams."""
    sky = brush.gradient((196, 214, 224), (250, 226, 194))
    for number in range(count):
        time, done = number / FPS, number / count
        frame = sky.copy()
        sun_x, sun_y = 500, 400 - 190 * brush.ease(done)
        for radius, opacity in ((190, 0.18), (130, 0.25), (72, 0.95)):
            brush.disc(frame, sun_x, sun_y, radius, (248, 214, 132), opacity)
        hills = (
            (360, 46, 1.3, 0.010, (170, 164, 190)),
            (420, 40, 1.9, 0.016, (126, 120, 158)),
            (480, 34, 2.6, 0.024, (92, 116, 122)),
            (540, 26, 3.1, 0.034, (58, 98, 86)),
        )
        for base, height, waves, drift, colour in hills:
            brush.ridge(frame, brush.rolling(base, height, waves, drift * time), colour)
        _window(frame, (236, 226, 212))
        opened = brush.ease(min(1.0, done * 1.25))
        _curtains(frame, 70 + 560 * (1 - opened), time)
        _cup(frame, 860, 640, (107, 63, 116), time)
        yield frame


def _wool(count: int) -> Iterator[np.ndarray]:
    """Knitting that grows a stitch at a time, from the bottom up, under a wooden needle."""
    width, height, left, bottom = 40, 36, 140, 700
    step = height * 0.58  # rows lie over one another
    across, rows = (WIDTH - 2 * left) // width, 28
    stripes = [(107, 63, 116), (107, 63, 116), (47, 107, 87), (226, 176, 88), (184, 92, 112)]
    cloth = brush.gradient((246, 240, 232), (232, 220, 208))
    stitches = [brush.stitch(width, height, colour) for colour in stripes]
    total, knitted, needle = across * rows, 0, float(bottom - height)
    for number in range(count):
        for at in range(knitted, round(total * (number + 1) / count)):
            row, place = divmod(at, across)
            # Knitting turns at each end: every second row goes back.
            column = place if row % 2 == 0 else across - 1 - place
            brush.stamp(
                cloth,
                stitches[row // 2 % len(stripes)],
                left + column * width,
                bottom - height - row * step,
            )
            knitted = at + 1
        now = bottom - height - (knitted / across) * step
        needle += (now - needle) * 0.1
        frame = cloth.copy()
        brush.bar(frame, left - 70, needle - 8, WIDTH - left + 40, needle + 6, (176, 128, 84))
        yield frame


def _window(frame: np.ndarray, wood: tuple[int, int, int]) -> None:
    """The frame, one bar down the middle, and a sill to put a cup on."""
    shade = tuple(int(part * 0.88) for part in wood)
    brush.bar(frame, 0, 0, WIDTH, 26, wood)
    brush.bar(frame, 0, 0, 34, HEIGHT, wood)
    brush.bar(frame, WIDTH - 34, 0, WIDTH, HEIGHT, wood)
    brush.bar(frame, WIDTH / 2 - 9, 0, WIDTH / 2 + 9, 620, wood)
    brush.bar(frame, 0, 612, WIDTH, 632, wood)
    brush.bar(frame, 0, 632, WIDTH, HEIGHT, shade)


def _curtains(frame: np.ndarray, reach: float, time: float) -> None:
    """Two lengths of cloth, `reach` pixels in from either side, with folds that hardly stir."""
    inward = np.arange(int(reach))
    fold = 0.9 + 0.1 * np.sin(inward / reach * 34 + 0.25 * np.sin(time * 0.5))
    cloth = np.outer(fold, (222, 190, 186)).astype(np.uint8)
    frame[:660, : len(cloth)] = cloth
    frame[:660, WIDTH - len(cloth) :] = cloth[::-1]


def _cup(
    frame: np.ndarray, x: float, base: float, glaze: tuple[int, int, int], time: float
) -> None:
    """A cup that stands at (x, base) with steam over it."""
    brush.ring(frame, x + 66, base - 42, 27, 9, glaze)
    brush.vessel(frame, x, base - 86, 62, 44, 88, glaze)
    rows = np.arange(int(base) - 290, int(base) - 92)
    rise = (rows[-1] - rows) / len(rows)
    for strand in range(3):
        lean = (strand - 1) * 22 * (1 + rise)
        curl = 15 * rise * np.sin(rise * 7 + time * 0.8 + strand * 2.1)
        fade = 0.2 * np.sin(np.pi * np.clip(rise, 0, 1)) ** 1.2
        brush.streak(frame, rows, x + lean + curl, 7 + 13 * rise, fade, (255, 250, 244))
