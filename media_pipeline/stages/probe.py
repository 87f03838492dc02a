"""What the recording is, looked at once more by the worker, and how loud it is."""

from __future__ import annotations

from media_pipeline import facts, ffmpeg, loudness, source
from media_pipeline.errors import UnreadableMedia
from media_pipeline.models import MediaAsset
from media_pipeline.work import Result, Work


def profile() -> dict:
    return {"version": 1}


def run(work: Work) -> Result:
    """Write down streams and loudness. Raises UnreadableMedia when nothing can be played."""
    asset = work.asset
    with source.sent(work) as path:
        found = facts.read(ffmpeg.probe(path))
        if found.video is None and found.audio is None:
            raise UnreadableMedia("no_streams", "We found no picture and no sound in that file.")
        work.done = 0.1
        loud = None
        if found.audio is not None:
            loud = loudness.measure(path, found.audio, work.folder, work.deadline, work.stop)

    def record() -> None:
        MediaAsset.objects.filter(pk=asset.pk).update(
            has_picture=found.video is not None,
            has_sound=found.audio is not None,
            loudness_sent=loud,
        )

    return Result(record=record)
