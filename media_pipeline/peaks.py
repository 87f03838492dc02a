"""The shape of a sound to draw: JSON as BBC's audiowaveform writes it (data format version 2)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy

PCM = "peaks.pcm"
RATE = 8000
OPTIONS = {"format": "s16le", "acodec": "pcm_s16le", "ac": 1, "ar": RATE}
RULES = {"rate": RATE, "points": 2000, "bits": 8}  # as many points as the widest screen has dots
FIELDS = {"version", "channels", "sample_rate", "samples_per_pixel", "bits", "length", "data"}


def drawn(pcm: Path) -> str:
    """The lowest and the highest of each equal part of a sound, from -128 to 127."""
    samples = numpy.fromfile(pcm, dtype="<i2")
    each = max(1, -(-len(samples) // RULES["points"]))
    starts = numpy.arange(0, len(samples), each)
    ends = numpy.empty((len(starts), 2), dtype="i2")
    if len(starts):
        numpy.minimum.reduceat(samples, starts, out=ends[:, 0])
        numpy.maximum.reduceat(samples, starts, out=ends[:, 1])
    about = {
        "version": 2,
        "channels": 1,
        "sample_rate": RATE,
        "samples_per_pixel": each,
        "bits": RULES["bits"],
        "length": len(starts),
        "data": (ends >> 8).ravel().tolist(),
    }
    return json.dumps(about, separators=(",", ":"))


def is_ours(text: str) -> bool:
    """Whether it holds the numbers that belong there, and nothing else."""
    try:
        about = json.loads(text)
    except ValueError:
        return False
    if not isinstance(about, dict) or set(about) != FIELDS or not isinstance(about["data"], list):
        return False
    numbers = [about[name] for name in FIELDS - {"data"}] + about["data"]
    return all(type(number) is int for number in numbers)
