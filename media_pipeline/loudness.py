"""How loud a recording is, and how far to turn it up or down.

Measured by ffmpeg's ebur128 (EBU R 128 / ITU-R BS.1770), which costs a fourteenth of loudnorm's
measuring pass. Target: -16 LUFS, mono -19, which sounds alike on two speakers.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

from media_pipeline import ffmpeg

TARGET, MONO_TARGET = -16.0, -19.0
MOST_UP, MOST_DOWN = 20.0, -20.0  # dB: beyond that it is not a quiet voice but noise
WATCHED = "loudness.txt"
INTEGRATED = re.compile(r"^\s*(?:\[info\]\s*)?I:\s*(-?(?:\d+(?:\.\d+)?|inf)) LUFS", re.MULTILINE)


def measure(
    path: Path, stream: int, folder: Path, deadline: float, stop: threading.Event | None = None
) -> float | None:
    """Integrated loudness in LUFS of one stream; None for silence. Raises FfmpegFailed."""
    argv = ["ffmpeg", *ffmpeg.input_flags(), "-i", str(path), "-map", f"0:{stream}"]
    argv += ["-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    log, _ = ffmpeg.run(argv, folder=folder, deadline=deadline, stop=stop, verbosity="info")
    return last_summary(log)


def watched(sound: Any) -> Any:
    """ffmpeg-python's `sound`, measured as it passes: what `result` reads is then in WATCHED.

    Into a file, for ffmpeg's log says it only among the metadata of whoever made the recording.
    """
    sound = sound.filter("ebur128", metadata=1, framelog="verbose")
    only = {"mode": "print", "key": "lavfi.r128.I", "file": WATCHED}
    return sound.filter("ametadata", **only).filter("aformat", sample_fmts="fltp")


def result(folder: Path) -> float | None:
    """Integrated loudness in LUFS of what `watched` saw pass; None for silence."""
    said = (folder / WATCHED).read_text().splitlines()
    value = next((line for line in reversed(said) if "=" in line), "=-inf").partition("=")[2]
    return _heard(float(value))


def last_summary(log: str) -> float | None:
    """The last "I: … LUFS" of a log. -70 is ebur128's floor: what it could not hear."""
    found = INTEGRATED.findall(log)
    return _heard(float(found[-1])) if found else None


def _heard(value: float) -> float | None:
    return value if value > -70 else None  # also not of "-inf" and "nan"


def gain(measured: float | None, channels: int) -> float:
    """Decibels to add. Silence is left alone."""
    if measured is None:
        return 0.0
    target = MONO_TARGET if channels == 1 else TARGET
    return min(MOST_UP, max(MOST_DOWN, target - measured))
