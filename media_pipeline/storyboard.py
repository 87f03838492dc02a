"""Small pictures of a film in one sheet, and a WebVTT that says which belongs to which moment.

What a player shows over its time bar. The file's address has the tile in its fragment
(https://www.w3.org/TR/media-frags/#naming-space), as players expect it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

RAW = "storyboard.rgb"
OPTIONS = {"format": "rawvideo", "pix_fmt": "rgb24", "fps_mode": "passthrough"}
# A tile each second, and in a long film as many as there can be.
RULES: dict[str, Any] = {
    "side": 160,
    "columns": 10,
    "tiles": 100,
    "least_seconds": 1.0,
    "quality": 70,
}
CUE = re.compile(
    r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}\nstoryboard\.jpg#xywh=\d+,\d+,\d+,\d+\n"
)


@dataclass(frozen=True)
class Plan:
    """Tiles of one size in pixels, each for so many seconds."""

    width: int
    height: int
    seconds: float
    tiles: int

    def filtered(self, picture: Any) -> Any:
        """ffmpeg-python's `picture` as small ones, each the frame with which a part begins."""
        picture = picture.filter("fps", f"1/{self.seconds:.3f}", round="up", eof_action="pass")
        return picture.filter("scale", self.width, self.height)

    def sheet(self, raw: Path, target: Path) -> tuple[int, int]:
        """Put the small pictures of a raw film on one sheet, a JPEG; its width and height."""
        size = self.width * self.height * 3
        columns = min(self.tiles, RULES["columns"])
        rows = math.ceil(self.tiles / columns)
        sheet = Image.new("RGB", (columns * self.width, rows * self.height))
        with raw.open("rb") as file:
            for number in range(self.tiles):
                if len(tile := file.read(size)) == size:  # fewer where the sound goes on alone
                    small = Image.frombytes("RGB", (self.width, self.height), tile)
                    sheet.paste(small, self._place(number))
        sheet.save(target, quality=RULES["quality"])
        return sheet.size

    def webvtt(self, seconds: float) -> str:
        """The cues of a picture that is so many seconds long."""
        cues = ["WEBVTT\n"]
        for number in range(min(self.tiles, max(1, math.ceil(seconds / self.seconds - 1e-6)))):
            left, top = self._place(number)
            begin, end = number * self.seconds, min(seconds, (number + 1) * self.seconds)
            place = f"{left},{top},{self.width},{self.height}"
            cues.append(f"{_clock(begin)} --> {_clock(end)}\nstoryboard.jpg#xywh={place}\n")
        return "\n".join(cues)

    def _place(self, number: int) -> tuple[int, int]:
        row, column = divmod(number, RULES["columns"])
        return column * self.width, row * self.height


def plan(width: int, height: int, seconds: float) -> Plan:
    """For a picture of this size in pixels and this length."""
    each = round(max(RULES["least_seconds"], seconds / RULES["tiles"]), 3)
    scale = min(1.0, RULES["side"] / max(width, height))
    tiles = min(RULES["tiles"], max(1, math.ceil(seconds / each - 1e-6)))
    return Plan(_even(width * scale), _even(height * scale), each, int(tiles))


def is_ours(text: str) -> bool:
    """Whether it holds only times and places on our own sheet."""
    head, *cues = text.split("\n\n")
    return head == "WEBVTT" and all(CUE.fullmatch(cue.rstrip("\n") + "\n") for cue in cues)


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    minutes, left = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{left // 1000:02}.{left % 1000:03}"
