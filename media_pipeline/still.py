"""A film of one single picture: it stands for as long as the sound goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from media_pipeline import ffmpeg
from media_pipeline.facts import Facts

LEAST_SECONDS = 1.0  # ffmpeg can't read a fragment of one frame back


def is_still(path: Path, found: Facts) -> bool:
    """Whether there is one picture and no second. Raises FfmpegFailed.

    At most two are read, and none where the container says that there are more.
    """
    if found.video is None or found.pictures > 1:
        return False
    counted = ("-select_streams", str(found.video), "-count_packets", "-read_intervals", "%+#2")
    [stream] = ffmpeg.probe(path, *counted)["streams"]
    return stream.get("nb_read_packets") == "1"


def held(path: Path, found: Facts, seconds: float) -> Facts:
    """With how long a single picture is to stand, in a recording of so many seconds."""
    if not is_still(path, found):
        return found
    return replace(found, stands=max(seconds, LEAST_SECONDS))
